import type { BaseImageFacts } from '../../../facts/index.ts';
import type { Command } from '../../../model/command.ts';
import { resolvePath } from '../../../model/copy.ts';
import type { Stage } from '../../../model/stage.ts';
import type { Instruction } from '../../../syntax/instruction.ts';
import { isWithin } from './assets.ts';
import { factsOf, keptUser, type RewritePlan } from './plan.ts';
import { runTimeText } from './start.ts';

/** Packages of a distribution that only building needs. */
const buildPackages =
  /^(?:build-essential|build-base|gcc|g\+\+|clang|llvm|lld|mold|make|cmake|automake|autoconf|libtool|pkg-config|pkgconf|git|musl-dev|libc6?-dev|libc-dev|linux-headers|python3?|python3?-dev|python2|python-is-python3|node-gyp|upx|upx-ucl|protobuf-compiler|protobuf|protoc|protobuf-dev|binutils|nasm|gcc-multilib|openssh-client|curl|wget|unzip|zip|xz-utils|gnupg|jq|maven|gradle|musl-tools|dos2unix)$/;

/** Packages that the final image has a part for, by the name that facts give that part. */
const presentParts: Readonly<Record<string, string>> = { 'ca-certificates': '@ca-certs', tzdata: '@tzdata' };

export function isBuildPackage(name: string): boolean {
  return buildPackages.test(name);
}

/** What a check of the build's commands needs to know of the rewrite. */
export interface Leaving {
  readonly isBuildTool: (command: Command) => boolean;
  /** Absolute files and folders that the final stage takes over. */
  readonly kept: readonly string[];
  /** Image of the final stage. */
  readonly image: string;
  /** Packages that the final stage does without, or brings by itself. */
  readonly isLeft?: (name: string) => boolean;
  /** Where the build begins, when not with the stage. */
  readonly splitAt?: Instruction;
}

/** Why the RUNs of the stage can't be left behind: one may put something into the image that the program needs. */
export function leftBehind(stage: Stage, leaving: Leaving): string | undefined {
  for (const run of stage.runs) {
    if (leaving.splitAt && run.instruction.range.start < leaving.splitAt.range.start) continue;
    if (run.form === 'foreign' || (run.form !== 'exec' && !run.script?.complete)) return 'a RUN can’t be read';
    for (const command of run.commands) {
      const reason = reasonAgainst(command, leaving);
      if (reason) return reason;
    }
  }
  return undefined;
}

/** Commands that leave nothing behind but what they redirect. */
const harmless: readonly string[] = [
  'rm',
  'echo',
  'printf',
  'ls',
  'true',
  'set',
  ':',
  'pwd',
  'test',
  '[',
  'date',
  'cat',
  'env',
  'printenv',
  'which',
  'uname',
  'sleep',
  'find',
  'du',
  'file',
  'export',
];

/** Files that are compiled: a stand-in for them is written to fill caches. */
const sourceFile = /\.(?:rs|go|java|kt|cs|c|h|cpp|ts|tsx)$/;

function reasonAgainst(command: Command, leaving: Leaving): string | undefined {
  const { stage } = command;
  const workdir = stage.workdirAt(command.run.instruction);
  const isKept = (path: string | undefined): boolean =>
    path !== undefined && (sourceFile.test(path) || leaving.kept.some((each) => isWithin(path, each)));
  const written = command.shell.redirects.find(
    ({ operator, target }) =>
      operator.includes('>') &&
      !/^(?:&?\d|\/dev\/(?:null|std\w+))$/.test(target?.text ?? '') &&
      !isKept(resolvePath(workdir, target?.value ?? '/?')),
  );
  if (written) return 'a RUN writes a file that the program may need';
  if (command.name === 'cd') {
    const target = command.args[0]?.value;
    return target !== undefined && resolvePath(workdir, target)?.replace(/(.)\/$/, '$1') === workdir
      ? undefined
      : 'the build changes folders with cd; use WORKDIR';
  }
  if (harmless.includes(command.name) || leaving.isBuildTool(command)) return undefined;
  if (command.name === '' && !command.shell.nameWord) return undefined;
  const use = command.run.packageUses.find((each) => each.command.range.start === command.range.start);
  if (use && ['apt', 'apk', 'dnf'].includes(use.manager)) {
    if (use.action !== 'install') return undefined;
    const facts = factsOf(leaving.image);
    const other = use.packages.find(
      ({ name }) =>
        !buildPackages.test(name) &&
        !leaving.isLeft?.(name) &&
        !(Object.hasOwn(presentParts, name) && facts?.has(presentParts[name]!) === true),
    );
    if (!other && !command.hasUnknownArguments) return undefined;
    return `the program may need ${other?.name ?? 'the packages'} that the build installs`;
  }
  if (use?.action === 'install' && use.packages.length > 0)
    return `the program may need ${use.packages[0]!.name}, which ${command.name} installs`;
  const paths = pathsOf(command);
  if (paths) {
    const made = [stage.workdirAt('end'), ...stage.copies.map((copy) => copy.destinationPath?.replace(/(.)\/$/, '$1'))];
    const outside = paths.find((path) => {
      const full = path === undefined ? undefined : resolvePath(workdir, path)?.replace(/(.)\/$/, '$1');
      if (full === undefined) return true;
      if (isKept(full) || /^\/(?:tmp|root\/\.(?:ssh|m2|cargo|gradle|npm))(?:\/|$)/.test(full)) return false;
      // WORKDIR and COPY make their folders again; a mode or owner goes with the file that stays behind.
      if (command.name === 'mkdir')
        return ![...leaving.kept, ...made].some((each) => each !== undefined && isWithin(each, full));
      return !['chmod', 'chown', 'chgrp'].includes(command.name) || workdir === undefined || !isWithin(full, workdir);
    });
    if (outside === undefined && !paths.includes(undefined)) return undefined;
    return `a RUN calls ${command.name}, and the program may need what that leaves in the image`;
  }
  return `a RUN also calls ${command.name || 'a program'}, and the program may need what that leaves in the image`;
}

/** Paths that a tool for files writes; undefined for any other tool, an undefined entry for what can't be told. */
function pathsOf(command: Command): (string | undefined)[] | undefined {
  const operands = command.args.filter((word) => !word.text.startsWith('-'));
  const environment = command.stage.envAt(command.run.instruction);
  const values = operands.map(
    (word) =>
      word.value ??
      (/^"?[\w./${}-]+"?$/.test(word.text) ? environment.expand(word.text, '\\') : literalFolder(word.text)),
  );
  switch (command.name) {
    case 'mkdir':
    case 'touch':
      return values;
    case 'chmod':
    case 'chown':
    case 'chgrp':
      return values.slice(1);
    case 'cp':
    case 'mv':
    case 'ln':
    case 'install':
      return command.hasOption('-t') ? [undefined] : values.slice(-1);
    case 'sed':
      return command.hasOption('-i') ? values.slice(1) : [];
    case 'strip':
      return values;
    default:
      return undefined;
  }
}

/** The folder in which a glob matches. */
function literalFolder(text: string): string | undefined {
  const fixed = /^[\w./-]*\/(?=[^/]*[*?[])/.exec(text)?.[0];
  return fixed !== undefined && !/[$`]/.test(text) ? fixed : undefined;
}

/** What speaks against a finished plan, whatever the ecosystem. */
export function obstacle(stage: Stage, plan: RewritePlan): string | undefined {
  const { dialect } = stage.shellAt('end');
  if (!['posix', 'bash', 'ash'].includes(dialect)) return 'it is built with another shell than sh';
  if (stage.workdirAt('end') === undefined) return 'the working directory can’t be told';
  const ownVersion = /^(?:gcr\.io\/distroless\/|alpine:|debian:|nginxinc\/)/;
  if (stage.base.hasVariable && plan.image !== stage.base.word?.text && !ownVersion.test(plan.image))
    return 'an argument decides on the image, and the final one has to be of the same version';
  const facts = plan.image === stage.base.word?.text ? stage.rootBase.facts : factsOf(plan.image);
  const starters = stage.instructions.filter((each) => ['CMD', 'ENTRYPOINT', 'HEALTHCHECK'].includes(each.keyword));
  const shellForms = starters.filter(
    (each) => !each.json && !/^NONE$|^(?:--\S+\s+)*CMD\s*\[/i.test(each.argsText.trim()),
  );
  const ownShell = stage.instructions.find((each) => each.keyword === 'SHELL');
  if (ownShell && shellForms.length > 0) return 'SHELL decides how CMD starts';
  const check = stage.lastInChain('HEALTHCHECK');
  if (facts?.shell === 'none' && check && !callsCopied(check, plan))
    return 'the health check needs programs that the final image would not have';
  return userObstacle(stage, plan, facts) ?? missingProgram(stage, plan, facts);
}

function userObstacle(stage: Stage, plan: RewritePlan, facts: BaseImageFacts | undefined): string | undefined {
  const user = keptUser(stage, plan.lastBuildStep)?.words[0];
  const known = (name: string): boolean =>
    /^\d+$/.test(name) ||
    name === 'root' ||
    // Every image that a rewrite names has it.
    name === 'nobody' ||
    name === 'nogroup' ||
    facts?.user.name === name ||
    facts?.readyUsers.some((each) => each.name === name) === true;
  const name = user?.text.split(':')[0];
  if (name !== undefined && !known(name)) return `the user ${name} is not in ${plan.image}`;
  const behind = stage.copies.filter((copy) => copy.instruction.range.start > plan.lastBuildStep.range.start);
  const owner = behind
    .map((copy) => copy.chown)
    .find((each) => each !== undefined && !each.split(':').every((part) => part === '' || known(part)));
  if (owner !== undefined) return `the user ${owner} is not in ${plan.image}`;
  if (becomesNonRoot(stage, plan) && stage.instructions.some((each) => each.keyword === 'VOLUME'))
    return 'a volume must be writable for the program, which would no longer run as root';
  return undefined;
}

/** Whether the program ran as root, and would not in the final stage. */
export function becomesNonRoot(stage: Stage, plan: RewritePlan): boolean {
  if (stage.effectiveUserAt('end').isRoot !== true || keptUser(stage, plan.lastBuildStep)) return false;
  return plan.user !== undefined || factsOf(plan.image)?.user.isRoot === false;
}

/** A program of the build's image that the container calls and the final image lacks. */
function missingProgram(stage: Stage, plan: RewritePlan, facts: BaseImageFacts | undefined): string | undefined {
  const words = new Set(runTimeText(stage).match(/(?<![\w./-])[\w+-]+(?:\.[\w+-]+)*(?![\w./-])/g) ?? []);
  const lost = [...words].find(
    (word) => word !== 'sh' && stage.rootBase.facts?.has(word) === true && facts?.has(word) === false,
  );
  return lost === undefined ? undefined : `${lost} is called at run time, and ${plan.image} does not have it`;
}

/** Whether a health check is off, or starts a copied file without the help of a shell. */
function callsCopied(check: Instruction, plan: RewritePlan): boolean {
  const text = check.argsText.trim();
  if (/^NONE$/i.test(text)) return true;
  const program = /^(?:--\S+\s+)*CMD\s*\[\s*"([^"]+)"/i.exec(text)?.[1];
  return program !== undefined && plan.copies.some((copy) => isWithin(program, copy.to));
}
