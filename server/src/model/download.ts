import type { ShellWord } from '../syntax/shell.ts';
import type { Command } from './command.ts';
import { resolvePath } from './copy.ts';

/** A file or folder that a command fetches from the network. */
export interface Download {
  readonly command: Command;
  /** As the command names it, relative to where it runs; variables stay as they are written. */
  readonly name: string;
  /** The word that names it: the option's value, or the address whose last part it is. */
  readonly word: ShellWord;
}

/** What `curl -o`, `curl -O`, `wget` and `git clone` write, when its name is plain or holds plain variables; undefined when they write nothing. */
export function downloadOf(command: Command): Download | undefined {
  switch (command.name) {
    case 'curl':
      if (command.hasOption('-O', '--remote-name')) return remoteNamed(command);
      return named(command, '-o', '--output') ?? redirected(command);
    case 'wget':
      if (command.hasOption('-P', '--directory-prefix')) return undefined;
      if (command.hasOption('-i', '--input-file')) return undefined;
      return command.hasOption('-O', '--output-document')
        ? named(command, '-O', '--output-document')
        : remoteNamed(command);
    case 'git': {
      if (command.subcommand !== 'clone') return undefined;
      const [, address, folder] = command.operands;
      if (folder) return withName(command, folder, plainText(folder));
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
function named(command: Command, ...names: readonly string[]): Download | undefined {
  const option = command.option(...names);
  if (!option) return undefined;
  if (option.valueWord) return withName(command, option.valueWord, plainText(option.valueWord));
  const { word, valueText: text = '', value } = option;
  return withName(command, word, plainText({ ...word, text, value }));
}

/** `curl … > file`. */
function redirected(command: Command): Download | undefined {
  const target = command.shell.redirects.find((redirect) => redirect.operator === '>')?.target;
  return target && withName(command, target, plainText(target));
}

/** The last part of the only address. */
function remoteNamed(command: Command): Download | undefined {
  const addresses = command.args.filter((word) => /^["']?(?:https?|ftp):\/\//.test(word.text));
  const [word] = addresses;
  if (addresses.length !== 1 || !word) return undefined;
  return withName(command, word, /\/([^/?#]+)$/.exec(plainText(word) ?? '')?.[1]);
}

function withName(command: Command, word: ShellWord, name: string | undefined): Download | undefined {
  return name === undefined || name === '' || name === '-' ? undefined : { command, name, word };
}

/** The word without quotes around it; undefined when it holds more than text and `$NAME` or `${NAME}`. */
export function plainText(word: ShellWord): string | undefined {
  if (word.value !== undefined) return word.value;
  const text = word.text.replace(/^"(.*)"$/, '$1');
  return /["'`\\*?[]|\$[^\w{]|\$\{\w*[^\w}]/.test(text) ? undefined : text;
}
