import { packageRole } from '../../facts/index.ts';
import type { Report } from '../../lint/rule.ts';
import type { Command } from '../../model/command.ts';
import type { NamedPackage, PackageUse } from '../../model/packages.ts';
import { removePackages } from '../../model/packageWords.ts';
import type { Run } from '../../model/run.ts';
import { appendToScript, insertBehind, isEditable } from '../../model/scriptEdits.ts';
import { callNames, isMentioned } from '../../model/shippedTools.ts';
import { startupOf } from '../../model/startup.ts';
import { type Edit, insertAt, remove } from '../../text/edit.ts';

export interface BuildRole {
  readonly kind: 'compiler' | 'build-tool' | 'headers';
  readonly reason: string;
}

/** The packages for building that one package manager installs in one RUN, in order. */
export interface BuildTools {
  readonly run: Run;
  readonly packages: ReadonlyArray<{
    readonly use: PackageUse;
    readonly named: NamedPackage;
    readonly role: BuildRole;
  }>;
}

/** Headers that belong to no library of their own: taking them away takes nothing that runs. */
const bareHeaders = /^(?:musl-dev|libc-dev|libc6-dev|linux-headers.*|linux-libc-dev|kernel-headers|glibc-devel)$/;

/** What a package is there for when it serves building; undefined for others, and for tools that what starts may call. */
export function buildRole(use: PackageUse, named: NamedPackage): BuildRole | undefined {
  const { stage } = use.command;
  const final = stage.dockerfile.finalStage!;
  // The programs of a JDK are what runs Java programs, too.
  if (/jdk|^java-/.test(named.name)) return undefined;
  if (named.name === 'git') {
    const startup = startupOf(final);
    const isOnlyCloning =
      stage.commands('git', 'clone').length > 0 &&
      startup.unseenScripts.length === 0 &&
      startup.instructions.length > 0;
    if (!isOnlyCloning) return undefined;
  }
  const role = ownRole(named.name) ?? packageRole(named.name);
  if (!role || role.kind === 'debug-tool' || isMentioned(final, callNames(use, named.name), 'at start'))
    return undefined;
  return { kind: role.kind, reason: role.reason };
}

function ownRole(name: string): BuildRole | undefined {
  if (name === 'git') return { kind: 'build-tool', reason: 'fetches sources, which a running service does not do' };
  return bareHeaders.test(name) ? { kind: 'build-tool', reason: 'holds headers that only compiling needs' } : undefined;
}

/** How to keep the packages out of the layers, as far as one can tell what uses them. */
export function keepOut({ run, packages }: BuildTools): Pick<Report, 'fixes' | 'withheld'> {
  const { stage } = run;
  const tools = packages.filter(({ role }) => role.kind !== 'headers');
  if (tools.length === 0) {
    return {
      withheld:
        'Removing it may take away the library that programs need; copy the result out of a build stage instead.',
    };
  }
  const uses = [...new Set(tools.map(({ use }) => use))].map((use) => ({
    use,
    leaving: tools.filter((each) => each.use === use).map(({ named }) => named),
  }));
  const heirs = stage.dockerfile.stages.filter((each) => each.chain.includes(stage)).flatMap((each) => each.runs);
  const later = heirs.filter((each) => each.instruction.range.start > run.instruction.range.start && builds(each, 0));
  const buildsHere = builds(run, uses[0]!.use.command.range.end);
  if (!buildsHere && later.length === 0) return dropped(uses);
  if (buildsHere && later.length === 0) return removedAtEnd(run, uses);
  const [builder] = later;
  if (buildsHere || later.length > 1 || !builder || builder.stage !== stage)
    return { withheld: 'Several RUNs build; install it in a build stage and copy the result.' };
  return moved(run, uses, builder);
}

/** An install command, and those of its packages that go. */
interface Leaving {
  readonly use: PackageUse;
  readonly leaving: readonly NamedPackage[];
}

const builders =
  /^(?:gcc|cc|g\+\+|c\+\+|clang|clang\+\+|make|gmake|cmake|ninja|meson|cargo|rustc|rustup|go|python[\d.]*|pip[\d.]*|pipenv|poetry|uv|npm|npx|yarn|pnpm|bun|node|node-gyp|[\w-]*gem|bundle|rake|rails|perl|pecl|pear|phpize|docker-php-ext-.*|install-php-extensions|configure|cpanm?|luarocks|mvn|mvnw|gradle|gradlew|R|Rscript|ghc|stack|cabal|mix|composer|conda|mamba|dpkg-buildpackage|autoreconf|git|.*\.sh|sh|bash)$/i;

/** Whether a command behind the offset may build something, or is a script that may. */
function builds(run: Run, behind: number): boolean {
  if (run.form === 'foreign' || (run.script && !run.script.complete)) return true;
  return run.commands.some(
    (command) =>
      command.range.start >= behind &&
      (command.name === '' ||
        builders.test(command.name) ||
        /^\.{0,2}\/(?!usr\/s?bin\/|s?bin\/)/.test(command.shell.nameWord?.text ?? '')),
  );
}

function dropped(uses: readonly Leaving[]): Pick<Report, 'fixes' | 'withheld'> {
  const edits = uses.map(({ use, leaving }) => removePackages(use, leaving));
  if (!edits.every((each) => each !== undefined))
    return { withheld: 'Nothing in this file seems to use it, but it can not be taken out of the command on its own.' };
  return {
    fixes: [{ title: `Remove ${shortList(uses)} (nothing in this file seems to build with it)`, edits: edits.flat() }],
  };
}

function removedAtEnd(run: Run, uses: readonly Leaving[]): Pick<Report, 'fixes' | 'withheld'> {
  const calls = callsFor(uses);
  const edit = calls && (behindLastWork(run, calls.remove) ?? appendToScript(run, calls.remove));
  if (!edit) return { withheld: 'There is no certain place in the script to remove it.' };
  return {
    fixes: [
      {
        title: `Remove ${shortList(uses)} in this RUN again (what was built must not need it${note(uses)})`,
        edits: [edit],
      },
    ],
  };
}

/** In front of the clean-up at the end, so that nothing is left of the removal either. */
function behindLastWork(run: Run, text: string): Edit | undefined {
  const last = run.commands.findLastIndex((command) => !isCleanup(command));
  const command = run.commands[last];
  return command && last < run.commands.length - 1 && command.shell.within.length === 0
    ? insertBehind(command, text)
    : undefined;
}

function isCleanup(command: Command): boolean {
  if (command.name === 'rm')
    return command.operands.every((word) => /^"?\/(?:var\/(?:lib\/apt|cache|log)|tmp|root\/\.cache)\b/.test(word.text));
  return (
    /^(?:apt-get|apt|dnf|yum|microdnf|zypper)$/.test(command.name) &&
    ['clean', 'autoclean', 'autoremove'].includes(command.subcommand ?? '')
  );
}

/** Takes the tools out of their RUN and installs them for the one RUN that builds. */
function moved(run: Run, uses: readonly Leaving[], builder: Run): Pick<Report, 'fixes' | 'withheld'> {
  const withheld =
    'A later RUN builds; install it in a build stage and copy the result, or install and remove it in that RUN.';
  const calls = callsFor(uses);
  const isWhole = uses.every(
    ({ use, leaving }) => use.packages.length === leaving.length && !use.command.hasUnknownArguments,
  );
  const edits = isWhole ? [withoutRun(run)] : uses.map(({ use, leaving }) => removePackages(use, leaving));
  const taken = edits.every((each) => each !== undefined) ? edits.flat() : undefined;
  const [statement, ...others] = builder.script?.statements ?? [];
  const { dockerfile } = builder.stage;
  const isPlain =
    statement?.node.kind === 'command' ||
    (statement?.node.kind === 'and-or' && !statement.node.operators.includes('||'));
  const needsRoot = builder.stage.effectiveUserAt(builder.instruction).isRoot === false;
  if (
    !calls ||
    !taken ||
    !isPlain ||
    others.length > 0 ||
    needsRoot ||
    builder.form !== 'shell' ||
    !isEditable(builder) ||
    builder.mounts.some((mount) => mount.type === 'cache' && /\/(?:apt|apk|dnf|yum)/.test(mount.target ?? ''))
  )
    return { withheld };
  const end = appendToScript(builder, calls.removeAndClean);
  if (!end) return { withheld };
  const newLine = ` ${dockerfile.escape}${dockerfile.lineBreak}    && `;
  const isOneLine = !dockerfile.slice(statement.range).includes('\n');
  const start = insertAt(statement.node.range.start, `${calls.install}${newLine}`);
  const finish = isOneLine ? insertAt(end.range.start, newLine + calls.removeAndClean) : end;
  return {
    fixes: [
      {
        title: `Install ${shortList(uses)} only in the RUN that builds (what is built must not need it${note(uses)})`,
        edits: [...taken, start, finish],
      },
    ],
  };
}

/** Deletes a RUN that does nothing but install; undefined when it does more or a comment speaks of it. */
function withoutRun(run: Run): readonly Edit[] | undefined {
  const { dockerfile } = run.stage;
  const { range, comments } = run.instruction;
  const starts = run.packageUses.map((use) => use.command.range.start);
  const isOnlyThat = run.commands.every(
    (command) =>
      starts.includes(command.range.start) ||
      (command.name === 'rm' && /\/var\/(?:lib\/apt|cache)/.test(dockerfile.slice(command.range))),
  );
  const lineStart = dockerfile.text.lastIndexOf('\n', range.start - 1) + 1;
  const above = dockerfile.comments.some(
    (each) =>
      !each.inside && each.range.end < lineStart && /^\r?\n$/.test(dockerfile.text.slice(each.range.end, lineStart)),
  );
  const lineEnd = /^[ \t]*\r?\n/.exec(dockerfile.text.slice(range.end))?.[0].length;
  if (!isOnlyThat || above || comments.length > 0 || lineEnd === undefined || run.installs.length !== 1)
    return undefined;
  return [remove({ start: lineStart, end: range.end + lineEnd })];
}

interface Calls {
  readonly install: string;
  readonly remove: string;
  readonly removeAndClean: string;
}

function callsFor(uses: readonly Leaving[]): Calls | undefined {
  const { manager, command } = uses[0]!.use;
  const names = namesOf(uses).join(' ');
  const sudo = command.shell.wrappers.some((word) => word.value === 'sudo') ? 'sudo ' : '';
  switch (manager) {
    case 'apt': {
      const recommends = uses.every(({ use }) => use.command.hasOption('--no-install-recommends'))
        ? ' --no-install-recommends'
        : '';
      const purge = `${sudo}apt-get purge -y --auto-remove ${names}`;
      return {
        install: `${sudo}apt-get update && ${sudo}apt-get install -y${recommends} ${names}`,
        remove: purge,
        removeAndClean: `${purge} && ${sudo}rm -rf /var/lib/apt/lists/*`,
      };
    }
    case 'apk':
      return {
        install: `${sudo}apk add --no-cache --virtual .build-deps ${names}`,
        remove: `${sudo}apk del ${names}`,
        removeAndClean: `${sudo}apk del .build-deps`,
      };
    case 'dnf': {
      const away = `${sudo}${command.name} remove -y ${names}`;
      return {
        install: `${sudo}${command.name} install -y ${names}`,
        remove: away,
        removeAndClean: `${away} && ${sudo}${command.name} clean all`,
      };
    }
    default:
      return undefined;
  }
}

function namesOf(uses: readonly Leaving[]): readonly string[] {
  return [...new Set(uses.flatMap(({ leaving }) => leaving).map((each) => each.name))];
}

/** Short enough for a menu. */
function shortList(uses: readonly Leaving[]): string {
  const names = namesOf(uses);
  return names.join(' ').length > 30 ? `${names[0]} and ${names.length - 1} more` : names.join(' ');
}

function note(uses: readonly Leaving[]): string {
  return uses[0]!.use.manager === 'apk' && /g\+\+|build-base|alpine-sdk/.test(namesOf(uses).join(' '))
    ? '; C++ programs then need libstdc++'
    : '';
}
