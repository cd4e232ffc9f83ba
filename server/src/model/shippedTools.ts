import { commandsOfPackage, type PackageManager } from '../facts/index.ts';
import type { Dockerfile } from './dockerfile.ts';
import type { NamedPackage, Manager, PackageUse } from './packages.ts';
import type { Run } from './run.ts';
import type { Stage } from './stage.ts';
import { startupOf } from './startup.ts';

/** Managers of the system's own packages; those of languages bring libraries, not tools. */
const systemManagers: Readonly<Partial<Record<Manager, PackageManager>>> = {
  apt: 'apt',
  apk: 'apk',
  dnf: 'dnf',
  zypper: 'zypper',
  pacman: 'pacman',
};

/** Packages of the distribution that the RUNs of a stage install and that no RUN of its chain takes away again. */
export function remainingPackages(stage: Stage): { readonly use: PackageUse; readonly named: NamedPackage }[] {
  return stage.runs.flatMap((run) =>
    run.installs
      .filter(
        (use) =>
          Object.hasOwn(systemManagers, use.manager) &&
          !use.command.hasOption('--root', '--installroot', '--download-only', '--downloadonly'),
      )
      .flatMap((use) => use.packages.filter((named) => !isRemoved(use, named)).map((named) => ({ use, named }))),
  );
}

/** The names under which a package's programs are called, its own name included. */
export function callNames(use: PackageUse, name: string): readonly string[] {
  const bare = name.replace(/[=<>~@].*$/, '');
  return [
    ...new Set([
      bare,
      ...(ownCommands[bare]?.split(' ') ?? []),
      ...commandsOfPackage(bare, systemManagers[use.manager]!),
    ]),
  ];
}

const ownCommands: Readonly<Record<string, string>> = {
  'net-tools': 'ifconfig netstat route arp',
  'iputils-ping': 'ping',
  iputils: 'ping',
  dnsutils: 'dig nslookup host nsupdate',
  'bind9-dnsutils': 'dig nslookup host nsupdate',
  'bind-utils': 'dig nslookup host nsupdate',
  'bind-tools': 'dig nslookup host nsupdate',
  netcat: 'nc ncat',
  'netcat-openbsd': 'nc netcat',
  'netcat-traditional': 'nc netcat',
  'nmap-ncat': 'nc ncat',
  vim: 'vi vim.basic vim.tiny',
  'vim-tiny': 'vi vim',
  'vim-enhanced': 'vi vim',
  'emacs-nox': 'emacs',
  'man-db': 'man mandb unminimize',
  'linux-perf': 'perf',
  sysstat: 'iostat sar mpstat pidstat',
  'build-essential': 'gcc cc g++ c++ make',
  'build-base': 'gcc cc g++ c++ make',
  'alpine-sdk': 'gcc cc g++ c++ make abuild git',
  gcc: 'cc',
  'g++': 'c++',
  'gcc-c++': 'g++ c++',
  golang: 'go',
  'golang-go': 'go',
  rustc: 'cargo',
  maven: 'mvn',
};

/**
 * Whether a name stands anywhere in what the chain of the stage builds and starts, lists of packages not counted; also
 * where a script that can't be read may start it.
 */
export function isMentioned(stage: Stage, names: readonly string[], where: 'everywhere' | 'at start'): boolean {
  const word = wordsPattern(names);
  const startup = startupOf(stage);
  const healthcheck = stage.lastInChain('HEALTHCHECK');
  if (word.test(startup.text) || (healthcheck && word.test(healthcheck.argsText))) return true;
  if (where === 'at start') return false;
  return stage.chain.some((each) =>
    each.instructions.some((instruction) => {
      const run = each.runs.find((candidate) => candidate.instruction === instruction);
      return word.test(
        run ? withoutPackages(run) : stage.dockerfile.slice(instruction.trigger?.range ?? instruction.range),
      );
    }),
  );
}

const mostFilesRead = 200;
const code =
  /\.(?:sh|bash|zsh|ya?ml|toml|[cm]?[jt]sx?|py|rb|php|go|java|kt|rs|cs|fs|pl|lua|exs?|clj|scala|conf|service|env|mk|tpl)$|(?:^|\/)(?:package\.json|[^./]+)$/i;
const lists =
  /(?:^|\/)(?:package-lock|npm-shrinkwrap|composer)\.json$|(?:^|\/)pnpm-lock\.yaml$|(?:^|\/)(?:Dockerfile|Containerfile|LICENSE)/i;
const composeFiles = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];

/**
 * Whether a file of the build context speaks of one of the names: a script, the program, a health check of Compose or
 * Kubernetes. 'unknown' without a context, or when it has too many files to read.
 */
export function isMentionedInContext(dockerfile: Dockerfile, names: readonly string[]): boolean | 'unknown' {
  const { context } = dockerfile;
  if (!context) return 'unknown';
  const word = wordsPattern(names.filter((name) => !commonWords.includes(name)));
  const files = context.files.filter((path) => code.test(path) && !lists.test(path));
  if (files.length > mostFilesRead) return 'unknown';
  return (
    composeFiles.some((path) => word.test(context.readOnDisk(path) ?? '')) ||
    files.some((path) => word.test(context.read(path) ?? ''))
  );
}

/** Commands whose names are words of every program. */
const commonWords: readonly string[] = ['host', 'route', 'file', 'bind'];

function wordsPattern(names: readonly string[]): RegExp {
  return new RegExp(`(?<![\\w.-])(?:${names.map(escaped).join('|')})(?![\\w-])`);
}

/** Whether the image is made to be worked in rather than to run a service. */
export function isWorkbench(stage: Stage): boolean {
  if (
    /(?:^|[-_.])(?:dev|devel|devcontainer|development|debug|test|tests|testing|ci|builder|toolchain|toolbox)(?:$|[-_.])/.test(
      stage.name ?? '',
    )
  )
    return true;
  if (/devcontainer|vscode|gitpod|codespace|jenkins|runner|buildpack|builder/i.test(stage.rootBase.name)) return true;
  // The user of VS Code's development containers, or one of their scripts.
  if (/\bvscode\b|\bdevcontainers?\b/.test(stage.dockerfile.slice(stage.range))) return true;
  const { instructions, text } = startupOf(stage);
  if (
    /\b(?:code-server|openvscode-server|jupyter(?:-?(?:lab|hub|notebook))?|start-notebook|rserver|rstudio)\b/.test(text)
  )
    return true;
  const isShell = (words: string): boolean =>
    /^(?:\/(?:usr\/)?bin\/)?(?:ba|z|fi|a|da)?sh(?:\s+-\w+)*$|^(?:sleep|tail)\b/.test(words.trim());
  if (instructions.length > 0)
    return instructions.every((each) =>
      isShell(each.json ? each.json.items.map((item) => item.value).join(' ') : each.argsText),
    );
  const { facts } = stage.rootBase;
  const inherited = [...(facts?.entrypoint ?? []), ...(facts?.cmd ?? [])];
  return inherited.length === 0 || isShell(inherited.join(' '));
}

function withoutPackages(run: Run): string {
  let text = run.scriptText;
  for (const { range } of run.packageUses.flatMap((use) => use.packages)) {
    const from = range.start - run.scriptRange.start;
    text = text.slice(0, from) + ' '.repeat(range.end - range.start) + text.slice(from + range.end - range.start);
  }
  return text;
}

function isRemoved(use: PackageUse, named: NamedPackage): boolean {
  const { command } = use;
  const group = command.optionValue('--virtual') ?? command.optionValue('-t');
  if (use.manager === 'apk' && (command.hasOption('--virtual') || command.hasOption('-t')) && group === undefined)
    return true;
  return command.stage.dockerfile.stages
    .filter((each) => each.chain.includes(command.stage))
    .flatMap((each) => each.runs)
    .some((run) => {
      if (run.instruction.range.start < command.run.instruction.range.start) return false;
      if (/\bapt-mark\s+(?:auto|showmanual|manual)\b/.test(run.scriptText)) return true;
      if (
        new RegExp(
          `\\b(?:dpkg\\s+(?:-[rP]|--purge|--remove)|rpm\\s+-e)[^;&|]*\\s${escaped(named.name)}(?![\\w-])`,
        ).test(run.scriptText)
      )
        return true;
      return run.packageUses.some(({ action, command: other, packages, manager }) => {
        if (action !== 'remove' || manager !== use.manager || other.range.start < command.range.start) return false;
        if (group !== undefined && other.args.some((word) => word.value === group)) return true;
        return (
          other.args.some((word) => /\$|`/.test(word.text)) ||
          packages.some((each) => matchesName(each.name, named.name)) ||
          other.args.some((word) => matchesName(word.text.replace(/^["']|["']$/g, ''), named.name))
        );
      });
    });
}

function matchesName(pattern: string, name: string): boolean {
  return (
    pattern === name ||
    (pattern.includes('*') && new RegExp(`^${pattern.split('*').map(escaped).join('.*')}$`).test(name))
  );
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
