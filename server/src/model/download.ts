import type { ShellWord } from '../syntax/shell.ts';
import type { Command } from './command.ts';
import { resolvePath } from './copy.ts';

/** A file or folder that a command fetches from the network. */
export interface Download {
  readonly command: Command;
  /** As the command names it, relative to where it runs. */
  readonly name: string;
  /** The word that names it: the option's value, or the address whose last part it is. */
  readonly word: ShellWord;
}

/** What `curl -o`, `curl -O`, `wget` and `git clone` write, when its name is literal; undefined when they write nothing. */
export function downloadOf(command: Command): Download | undefined {
  switch (command.name) {
    case 'curl':
      return named(command, '-o', '--output') ?? (command.hasOption('-O', '--remote-name') ? remoteNamed(command) : undefined);
    case 'wget':
      if (command.hasOption('-P', '--directory-prefix')) return undefined;
      return named(command, '-O', '--output-document') ?? (command.hasOption('-O', '--output-document', '-i') ? undefined : remoteNamed(command));
    case 'git': {
      if (command.subcommand !== 'clone') return undefined;
      const [, address, folder] = command.operands;
      if (folder) return folder.value === undefined ? undefined : { command, name: folder.value, word: folder };
      const name = /([^/:]+?)(?:\.git)?\/?$/.exec(address?.value ?? '')?.[1];
      return name && address ? { command, name, word: address } : undefined;
    }
    default:
      return undefined;
  }
}

/** Absolute path of a name in a command; undefined when the script changes its folder or the working directory is not known. */
export function pathIn(command: Command, name: string): string | undefined {
  const moves = command.run.commands.some((each) => ['cd', 'pushd'].includes(each.name));
  if (moves && !name.startsWith('/')) return undefined;
  return resolvePath(command.stage.workdirAt(command.run.instruction), name);
}

/** `-o file`, `--output=file`, also with the option at the end of a cluster: `-sSLo file`. */
function named(command: Command, short: string, long: string): Download | undefined {
  const { args } = command;
  for (const [index, word] of args.entries()) {
    const text = word.value ?? word.text;
    if (text.startsWith(`${long}=`)) return word.value === undefined ? undefined : { command, name: text.slice(long.length + 1), word };
    const isOption = text === long || (/^-[A-Za-z]+$/.test(text) && text.endsWith(short[1]!));
    const value = args[index + 1];
    if (isOption && value?.value !== undefined && value.value !== '-') return { command, name: value.value, word: value };
  }
  return undefined;
}

/** The last part of the only address. */
function remoteNamed(command: Command): Download | undefined {
  const addresses = command.args.filter((word) => /^["']?(?:https?|ftp):\/\//.test(word.text));
  const [word] = addresses;
  if (addresses.length !== 1 || word?.value === undefined) return undefined;
  const name = /\/([^/?#]+)$/.exec(word.value)?.[1];
  return name === undefined ? undefined : { command, name, word };
}
