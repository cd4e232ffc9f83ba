import { Command } from '../command.ts';
import type { Run } from '../run.ts';
import { dotnetInstall } from './dotnet.ts';
import { cargoInstall, goInstall } from './goAndRust.ts';
import type { DependencyInstall } from './install.ts';
import { gradleInstall, mavenInstall } from './java.ts';
import { nodeInstall } from './node.ts';
import { pythonInstall } from './python.ts';
import { bundlerInstall, composerInstall } from './rubyAndPhp.ts';

export { inOneLine } from './install.ts';
export type { DependencyInstall, InstallNeeds, NeedsAnswer } from './install.ts';
export { ProjectFolder } from './projectFolder.ts';

const readers: readonly ((command: Command) => DependencyInstall | undefined)[] = [
  nodeInstall,
  pythonInstall,
  bundlerInstall,
  composerInstall,
  goInstall,
  cargoInstall,
  mavenInstall,
  gradleInstall,
  dotnetInstall,
];

/** What the command installs from manifests; undefined when it is no such install. */
export function dependencyInstall(command: Command): DependencyInstall | undefined {
  const seen = /^(?:python|pypy)[\d.]*$/.test(command.name) ? pipOfPython(command) : command;
  for (const read of readers) {
    const found = seen && read(seen);
    if (found) return found;
  }
  return undefined;
}

/** The installs of a RUN, in order. */
export function dependencyInstalls(run: Run): readonly DependencyInstall[] {
  return run.commands.flatMap((command) => dependencyInstall(command) ?? []);
}

/** `python3 -m pip install x` seen as `pip install x`. */
function pipOfPython(command: Command): Command | undefined {
  const module = command.args.findIndex((word) => word.value === '-m');
  if (module < 0 || command.args[module + 1]?.value !== 'pip') return undefined;
  return new Command(command.run, {
    ...command.shell,
    name: 'pip',
    nameWord: command.args[module + 1],
    args: command.args.slice(module + 2),
  });
}
