import { DockerfileParser } from 'dockerfile-ast';

/** The parse of a whole file by the parser that most Dockerfile tools in JavaScript are built on. */
export function dockerfileAst(text: string): unknown {
  return DockerfileParser.parse(text).getInstructions();
}
