import type { Command } from '../../../model/command.ts';
import type { Stage } from '../../../model/stage.ts';
import { declined, type Ecosystem } from './plan.ts';
import { startedProgram, starterOf } from './start.ts';

/** Images that are there to compile with; what they make runs without them. */
const toolchains: readonly string[] = ['golang', 'rust', 'gcc', 'haskell', 'swift'];

const builders =
  /^(?:make|gmake|cmake|ninja|meson|bazel|mage|task|just|gcc|g\+\+|cc|c\+\+|clang|clang\+\+|ghc|stack|cabal|swiftc?|go|cargo|sh|bash)$|\.sh$/;

/** A program that is built in a toolchain's image in a way that can't be seen through: told, but not rewritten. */
export const toolchain: Ecosystem = {
  name: 'toolchain',
  ships: 'the compiler and the source code',
  buildCommand: (stage) =>
    shipsToolchain(stage) ? stage.runs.flatMap((run) => run.commands).findLast(isBuild) : undefined,
  plan: (stage) => {
    const command = toolchain.buildCommand(stage)!;
    const what = command.shell.nameWord?.text ?? command.name;
    return declined(`what ${what} writes and the program needs can’t be told; copy the program and the files it opens`);
  },
};

/** The image starts a file by its path: not the toolchain, nor a tool that compiles at each change. */
function shipsToolchain(stage: Stage): boolean {
  const { facts } = stage.rootBase;
  const starter = starterOf(stage);
  const program = starter && startedProgram(starter);
  if (!facts || !toolchains.includes(facts.repository) || /slim/.test(facts.tag)) return false;
  return program !== undefined && program.includes('/') && !/\.(?:sh|bash|py)$|entrypoint/.test(program);
}

function isBuild(command: Command): boolean {
  if (!builders.test(command.name)) return false;
  if (command.name === 'swift') return command.subcommand === 'build';
  if (command.name === 'go') return ['build', 'install', 'generate'].includes(command.subcommand ?? '');
  if (command.name === 'cargo') return ['build', 'install'].includes(command.subcommand ?? '');
  return !command.args.some((word) => /^-?-?(?:version|help|c)$/.test(word.text));
}
