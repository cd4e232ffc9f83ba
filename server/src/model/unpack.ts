import type { ShellWord } from '../syntax/shell.ts';
import type { Command } from './command.ts';
import { plainText } from './download.ts';

/** The word for a file in a command that unpacks or installs it; undefined when the command does something else. */
export function unpackedFile(command: Command, name: string): ShellWord | undefined {
  const { args } = command;
  const words = args.map((word) => word.value ?? word.text);
  const unpacks =
    (command.name === 'tar' &&
      words.some(
        (word, index) =>
          (/^-?[a-zA-Z]*x[a-zA-Z]*$/.test(word) && (index === 0 || word.startsWith('-'))) || word === '--extract',
      )) ||
    (command.name === 'unzip' && !words.some((word) => /^-[lptvZ]/.test(word))) ||
    (command.name === 'dpkg' && words.some((word) => /^-[a-zA-Z]*i[a-zA-Z]*$|^--install$/.test(word))) ||
    (command.name === 'rpm' && words.some((word) => /^-[a-zA-Z]*[iU][a-zA-Z]*$|^--install$|^--upgrade$/.test(word))) ||
    (['apt-get', 'apt', 'yum', 'dnf'].includes(command.name) &&
      ['install', 'localinstall'].includes(command.subcommand ?? '') &&
      /\.(?:deb|rpm)$/.test(name));
  return unpacks ? args.find((word) => sameFile(plainText(word), name)) : undefined;
}

function sameFile(word: string | undefined, name: string): boolean {
  return word !== undefined && word.replace(/^\.\//, '') === name.replace(/^\.\//, '');
}
