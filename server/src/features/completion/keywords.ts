import type { Dockerfile } from '../../model/dockerfile.ts';
import type { Instruction, Keyword } from '../../syntax/instruction.ts';
import type { Entry } from './entry.ts';

/** MAINTAINER is left out: nobody should begin with it any more. */
const descriptions: Readonly<Record<Exclude<Keyword, 'MAINTAINER'>, string>> = {
  FROM: 'Starts a stage from a base image, another stage or `scratch`.\n\n`FROM [--platform=…] image[:tag] [AS name]`',
  ARG: 'A variable of the build, set with `--build-arg`.\n\n`ARG NAME[=default]`',
  RUN: 'Runs commands and keeps what they change as a layer.\n\n`RUN [--mount=…] command`',
  COPY: 'Copies files from the build context, a stage or an image.\n\n`COPY [--from=…] [--chown=…] source… destination`',
  ADD: 'As COPY, and also unpacks archives and fetches URLs.\n\n`ADD [--checksum=…] source… destination`',
  WORKDIR: 'Sets the directory for what follows, and makes it.\n\n`WORKDIR /path`',
  ENV: 'Sets variables for the build and for the container.\n\n`ENV NAME=value…`',
  USER: 'Sets who RUN, CMD and ENTRYPOINT run as.\n\n`USER name[:group]`',
  EXPOSE: 'Tells on which ports the container listens; it opens none.\n\n`EXPOSE port[/protocol]…`',
  CMD: 'What the container runs, or the arguments of ENTRYPOINT. The last one counts.\n\n`CMD ["program", "argument"]`',
  ENTRYPOINT: 'The program that the container always runs.\n\n`ENTRYPOINT ["program", "argument"]`',
  HEALTHCHECK: 'How to find out whether the container still works.\n\n`HEALTHCHECK [--interval=…] CMD command`',
  LABEL: 'Adds metadata to the image.\n\n`LABEL key=value…`',
  VOLUME: 'Folders whose contents live outside of the container.\n\n`VOLUME ["/data"]`',
  SHELL: 'The shell for RUN, CMD and ENTRYPOINT lines that are not JSON.\n\n`SHELL ["/bin/bash", "-c"]`',
  STOPSIGNAL: 'The signal that asks the container to end.\n\n`STOPSIGNAL SIGTERM`',
  ONBUILD: 'Keeps an instruction for builds that start FROM this image.\n\n`ONBUILD instruction`',
};

/** Instructions behind whose keyword something is offered at once. */
const goingOn: readonly string[] = ['FROM', 'USER', 'COPY', 'ADD', 'STOPSIGNAL', 'EXPOSE', 'SHELL', 'ONBUILD'];

interface Snippet {
  readonly label: string;
  readonly keyword: Keyword;
  readonly detail: string;
  readonly text: string;
}

const snippets: readonly Snippet[] = [
  { label: 'FROM … AS …', keyword: 'FROM', detail: 'a named stage', text: 'FROM ${1:image} AS ${2:build}' },
  { label: 'COPY --from=…', keyword: 'COPY', detail: 'files of another stage', text: 'COPY --from=${1:build} $2 $3' },
  {
    label: 'RUN --mount=type=cache',
    keyword: 'RUN',
    detail: 'with a folder kept between builds',
    text: 'RUN --mount=type=cache,target=${1:/root/.cache} $2',
  },
  {
    label: 'RUN --mount=type=secret',
    keyword: 'RUN',
    detail: 'with a secret that leaves no trace',
    text: 'RUN --mount=type=secret,id=${1:token},env=${2:TOKEN} $3',
  },
  { label: 'RUN <<EOF', keyword: 'RUN', detail: 'a script of several lines', text: 'RUN <<EOF\nset -e\n$1\nEOF' },
  { label: 'CMD […]', keyword: 'CMD', detail: 'started without a shell', text: 'CMD ["${1:program}"]' },
  {
    label: 'ENTRYPOINT […]',
    keyword: 'ENTRYPOINT',
    detail: 'started without a shell',
    text: 'ENTRYPOINT ["${1:program}"]',
  },
  {
    label: 'HEALTHCHECK CMD …',
    keyword: 'HEALTHCHECK',
    detail: 'a command that tells',
    text: 'HEALTHCHECK --interval=${1:30s} --timeout=${2:5s} CMD ${3:command}',
  },
];

/** Instructions that may begin at the offset; inside ONBUILD, those that it may hold. */
export function keywordEntries(
  dockerfile: Dockerfile,
  place: { readonly offset: number; readonly instruction: Instruction | undefined; readonly isTrigger: boolean },
  withSnippets: boolean,
): Entry[] {
  const firstFrom = dockerfile.stages[0]?.from;
  const isInFront = !firstFrom || place.offset <= firstFrom.keywordRange.end;
  const inCase = caseOf(dockerfile, place.instruction);
  const isAllowed = (keyword: string): boolean => {
    if (place.isTrigger) return !['FROM', 'ONBUILD'].includes(keyword);
    return !isInFront || keyword === 'FROM' || keyword === 'ARG';
  };
  const entries = Object.entries(descriptions).filter(([keyword]) => isAllowed(keyword));
  const plain = entries.map(
    ([keyword, documentation]): Entry => ({
      kind: 'keyword',
      label: inCase(keyword),
      text: `${inCase(keyword)} `,
      documentation,
      goesOn: goingOn.includes(keyword),
    }),
  );
  if (!withSnippets) return plain;
  const more = snippets.filter(({ keyword }) => isAllowed(keyword) && !(place.isTrigger && keyword === 'COPY'));
  return [
    ...plain,
    ...more.map(({ label, keyword, detail, text }): Entry => {
      const write = (whole: string): string =>
        whole.replace(keyword, inCase(keyword)).replace(/ (?:AS|CMD) /, (word) => inCase(word));
      return { kind: 'snippet', label: write(label), detail, text: write(text), isSnippet: true };
    }),
  ];
}

/** Writes a keyword in the case that most others of the file have, as the rule keyword-casing wants it. */
export function caseOf(dockerfile: Dockerfile, except?: Instruction): (keyword: string) => string {
  let lower = 0;
  let upper = 0;
  for (const each of dockerfile.instructions) {
    if (!each.known || each === except) continue;
    if (each.writtenKeyword === each.keyword) upper++;
    else if (each.writtenKeyword === each.keyword.toLowerCase()) lower++;
  }
  return (keyword) => (lower > upper ? keyword.toLowerCase() : keyword);
}
