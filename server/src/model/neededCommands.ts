import { commandsOfPackage, type PackageManager } from '../facts/index.ts';
import type { Range } from '../text/range.ts';
import type { Manager } from './packages.ts';
import type { Stage } from './stage.ts';

/** A command that a stage calls and does not install itself. */
export interface NeededCommand {
  readonly name: string;
  /** Where it is called first. */
  readonly range: Range;
  /** Whether the container calls it (CMD, ENTRYPOINT, HEALTHCHECK) rather than the build. */
  readonly atRunTime: boolean;
}

/** The programs of a distribution, by the name that rules use for their package manager. */
const systemManagers: Partial<Record<Manager, PackageManager>> = { apt: 'apt', apk: 'apk', dnf: 'dnf' };

/**
 * The commands that the stage and those built on it (up to the final one) take from the base image: called by name,
 * not brought by a package that the stage itself installs before.
 */
export function neededCommands(stage: Stage): readonly NeededCommand[] {
  const family = stage.dockerfile.stages.filter((each) => each.chain.includes(stage));
  const installed = new Set<string>();
  const needed = new Map<string, NeededCommand>();
  const add = (name: string, range: Range, atRunTime: boolean): void => {
    if (name !== '' && !installed.has(name) && !needed.has(name)) needed.set(name, { name, range, atRunTime });
  };
  for (const each of family) {
    for (const run of each.runs) {
      for (const command of run.commands) {
        add(command.name, command.shell.nameWord?.range ?? command.range, false);
        for (const word of command.shell.wrappers.slice(0, 1)) add(word.value ?? '', word.range, false);
        const use = run.installs.find((install) => install.command.range.start === command.range.start);
        const manager = use && systemManagers[use.manager];
        if (!use || !manager) continue;
        for (const named of use.packages) {
          installed.add(named.name);
          for (const name of commandsOfPackage(named.name, manager)) installed.add(name);
        }
      }
    }
    for (const instruction of each.instructions) {
      if (!['CMD', 'ENTRYPOINT', 'HEALTHCHECK'].includes(instruction.keyword)) continue;
      const words = instruction.json
        ? instruction.json.items.map((item) => ({ text: item.value, range: item.range }))
        : instruction.words.map((word) => ({ text: word.value, range: word.range }));
      // The words of a shell form and of `sh -c "…"` may each be a command; more is not needed to be careful.
      for (const word of words) {
        for (const part of word.text.split(/[\s;&|()]+/)) add(part.split('/').pop() ?? '', word.range, true);
      }
    }
  }
  return [...needed.values()];
}
