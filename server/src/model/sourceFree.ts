import type { Command } from './command.ts';
import { packageUse } from './packages.ts';

/** Programs that look at nothing of the project, whatever their arguments. */
const harmless: readonly string[] = [
  ...[
    'echo',
    'printf',
    'true',
    ':',
    'set',
    'export',
    'useradd',
    'adduser',
    'groupadd',
    'addgroup',
    'usermod',
    'passwd',
    'chpasswd',
  ],
  ...[
    'update-ca-certificates',
    'locale-gen',
    'update-locale',
    'dpkg-reconfigure',
    'debconf-set-selections',
    'apt-mark',
    'apt-key',
    'add-apt-repository',
  ],
  ...[
    'dpkg-divert',
    'update-alternatives',
    'ldconfig',
    'mkdir',
    'uname',
    'which',
    'whoami',
    'id',
    'date',
    'sleep',
    'gpg',
    'rustup',
    'nvm',
    'n',
  ],
  ...[
    'docker-php-ext-install',
    'docker-php-ext-configure',
    'docker-php-ext-enable',
    'pecl',
    'pear',
    'phpize',
    'a2enmod',
    'a2dismod',
  ],
];

/** Subcommands of tools that read their manifest at most, never the source. */
const settingSubcommands: Readonly<Record<string, readonly string[]>> = {
  npm: ['config', 'set', 'cache', '-v', 'version', 'root', 'bin', 'ping', 'login', 'audit'],
  yarn: ['config', 'cache', 'global', '-v'],
  pnpm: ['config', 'store', 'setup', 'env'],
  pip: ['cache', 'config', 'list', 'check', 'freeze', 'show', 'debug'],
  uv: ['cache', 'python', 'tool', 'venv', 'self'],
  poetry: ['config', 'self', 'env', 'cache', 'about', 'check'],
  bundle: ['config', 'clean', 'cache'],
  gem: ['install', 'update', 'sources', 'cleanup', 'env'],
  composer: ['config', 'self-update', 'clear-cache', 'clearcache', 'global', 'diagnose'],
  go: ['env', 'version', 'clean'],
  cargo: ['--version', 'version'],
  dotnet: ['tool', 'nuget', '--info', 'workload', 'dev-certs'],
  git: ['config'],
  corepack: ['enable', 'prepare', 'install', 'use', 'disable'],
};

/** Programs that work on the files they are given. */
const fileTools: readonly string[] = [
  'rm',
  'cp',
  'mv',
  'ln',
  'chmod',
  'chown',
  'chgrp',
  'touch',
  'cat',
  'sed',
  'tee',
  'tar',
  'unzip',
  'find',
  'ls',
  'stat',
  'test',
  '[',
  'install',
  'dos2unix',
  'gunzip',
  'sha256sum',
  'curl',
  'wget',
  'du',
];

const readers: readonly string[] = ['cat', 'ls', 'stat', 'test', '[', 'sha256sum', 'du'];

/**
 * Whether a command does the same before the source of a project is copied into `folder` (an absolute path of the
 * image). `manifests` are absolute paths that are there already and may be read; a change of them would be undone by the
 * copy. What is not known counts as needing the source.
 */
export function isSourceFree(command: Command, folder: string, manifests: readonly string[] = []): boolean {
  const { name } = command;
  const targets = command.shell.redirects
    .filter((redirect) => !redirect.operator.startsWith('<<'))
    .map((redirect) => redirect.target?.text ?? '');
  if (targets.some((text) => !/^(?:\d*|-)$/.test(text) && !isElsewhere(text, folder, []))) return false;
  if (name === '' && !command.shell.nameWord) return true;
  if (harmless.includes(name)) return true;
  if (name === '.' || name === 'source')
    return (
      /\bbin\/activate$|\bnvm\.sh$/.test(command.args[0]?.text ?? '') ||
      isElsewhere(command.args[0]?.text ?? '', folder, [])
    );
  const subcommand = command.subcommand ?? command.args[0]?.text ?? '';
  const tool = /^pip[\d.]*$/.test(name) ? 'pip' : name === 'bundler' ? 'bundle' : name;
  if (Object.hasOwn(settingSubcommands, tool) && settingSubcommands[tool]!.includes(subcommand)) return true;
  if (command.args.length === 1 && /^(?:--version|-v|-V|version)$/.test(command.args[0]!.text)) return true;
  if (fileTools.includes(name))
    return fileArguments(command).every((text) => isElsewhere(text, folder, readers.includes(name) ? manifests : []));
  if (name === 'go' && subcommand === 'mod') return ['verify', 'graph'].includes(command.operands[1]?.value ?? '');
  if (
    /^python[\d.]*$/.test(name) &&
    command.args[0]?.value === '-m' &&
    /^(?:venv|virtualenv)$/.test(command.args[1]?.value ?? '')
  )
    return true;
  if (name === 'virtualenv') return true;
  const use = packageUse(command);
  if (!use) return false;
  if (['apt', 'apk', 'dnf', 'zypper', 'pacman'].includes(use.manager))
    return !use.packages.some((named) => /^\.{0,2}\//.test(named.name));
  if (use.action !== 'install') return use.action === 'clean';
  const isLocal = use.packages.some((named) => /^[./]|\.(?:whl|tgz|gz)$/.test(named.name));
  return (
    !use.fromManifest &&
    use.packages.length > 0 &&
    !isLocal &&
    !command.hasOption('-e', '--editable', '-r', '--requirement', '-c', '--constraint')
  );
}

/** Arguments that may be paths; a script of sed, a mode or an owner is none. */
function fileArguments(command: Command): string[] {
  const texts = command.args
    .map((word) => word.text)
    .filter(
      (text) => !text.startsWith('-') && !/^(?:https?|ftp):|^"?\$\{?\w*(?:URL|HOST|VERSION)\w*\}?"?$/i.test(text),
    );
  if (['chmod', 'chown', 'chgrp'].includes(command.name) || (command.name === 'sed' && !command.hasOption('-e', '-f')))
    return texts.slice(1);
  if (command.name === 'curl' || command.name === 'wget')
    return texts.filter(
      (text) => /^[./~]/.test(text) && command.hasOption('-o', '-O', '--output', '-T', '--upload-file', '-P'),
    );
  return texts;
}

function isElsewhere(text: string, folder: string, manifests: readonly string[]): boolean {
  const path = text.replace(/^["']|["']$/g, '');
  if (/^(?:~|\$HOME|\$\{HOME\})(?:\/|$)/.test(path) || path === '/dev/null') return true;
  const full = path.startsWith('/') ? path : `${folder === '/' ? '' : folder}/${path.replace(/^\.\//, '')}`;
  if (manifests.includes(full)) return true;
  if (!path.startsWith('/') || path.includes('..')) return false;
  // What a glob or a variable leaves open begins behind the last slash in front of it.
  const open = path.search(/[*?[{$]/);
  const fixed = (open < 0 ? path : path.slice(0, path.lastIndexOf('/', open))).replace(/\/+$/, '');
  if (folder === '/') return /^\/(?:var|tmp|etc|usr|opt|root\/\.\w+)(?:\/|$)/.test(fixed);
  return fixed !== '' && !isAtOrBelow(fixed, folder) && !isAtOrBelow(folder, fixed);
}

function isAtOrBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
