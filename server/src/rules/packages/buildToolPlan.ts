import { packageRole } from '../../facts/index.ts';
import type { Report } from '../../lint/rule.ts';
import type { NamedPackage, PackageUse } from '../../model/packages.ts';
import { removePackage, removePackages } from '../../model/packageWords.ts';
import type { Run } from '../../model/run.ts';
import { appendToScript, isEditable } from '../../model/scriptEdits.ts';
import { callNames, isMentioned } from '../../model/shippedTools.ts';
import { startupOf } from '../../model/startup.ts';
import { type Edit, insertAt, remove } from '../../text/edit.ts';

export interface BuildRole {
  readonly kind: 'compiler' | 'build-tool' | 'headers';
  readonly reason: string;
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

/** How to keep the package out of the layers, as far as one can tell what uses it. */
export function keepOut(use: PackageUse, named: NamedPackage, { kind }: BuildRole): Pick<Report, 'fixes' | 'withheld'> {
  const { run, stage } = use.command;
  if (kind === 'headers') {
    return {
      withheld:
        'Removing it may take away the library that programs need; copy the result out of a build stage instead.',
    };
  }
  const tools = use.packages.filter((each) => (buildRole(use, each)?.kind ?? 'headers') !== 'headers');
  const heirs = stage.dockerfile.stages.filter((each) => each.chain.includes(stage)).flatMap((each) => each.runs);
  const later = heirs.filter((each) => each.instruction.range.start > run.instruction.range.start && builds(each, 0));
  const buildsHere = builds(run, use.command.range.end);
  if (!buildsHere && later.length === 0) return dropped(use, named);
  if (buildsHere && later.length === 0) return removedAtEnd(use, tools);
  const [builder] = later;
  if (buildsHere || later.length > 1 || !builder || builder.stage !== stage)
    return { withheld: 'Several RUNs build; install it in a build stage and copy the result.' };
  return moved(use, tools, builder);
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

function dropped(use: PackageUse, named: NamedPackage): Pick<Report, 'fixes' | 'withheld'> {
  const edit = removePackage(use, named);
  if (!edit)
    return { withheld: 'Nothing in this file seems to use it, but it can not be taken out of the command on its own.' };
  return { fixes: [{ title: `Remove ${named.name} (nothing in this file seems to build with it)`, edits: [edit] }] };
}

function removedAtEnd(use: PackageUse, tools: readonly NamedPackage[]): Pick<Report, 'fixes' | 'withheld'> {
  const names = namesOf(tools);
  const calls = callsFor(use, names);
  const edit = calls && appendToScript(use.command.run, calls.remove);
  if (!edit) return { withheld: 'There is no certain place in the script to remove it.' };
  return {
    fixes: [
      {
        title: `Remove ${names} at the end of this RUN (what was built must not need it${note(use, names)})`,
        edits: [edit],
      },
    ],
  };
}

/** Takes the tools out of their RUN and installs them for the one RUN that builds. */
function moved(use: PackageUse, tools: readonly NamedPackage[], builder: Run): Pick<Report, 'fixes' | 'withheld'> {
  const withheld =
    'A later RUN builds; install it in a build stage and copy the result, or install and remove it in that RUN.';
  const names = namesOf(tools);
  const calls = callsFor(use, names);
  const taken =
    use.packages.length === tools.length && !use.command.hasUnknownArguments
      ? withoutRun(use.command.run)
      : removePackages(use, tools);
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
        title: `Install ${names} only in the RUN that builds, and remove it there (what is built must not need it${note(use, names)})`,
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

function callsFor({ manager, command }: PackageUse, names: string): Calls | undefined {
  const sudo = command.shell.wrappers.some((word) => word.value === 'sudo') ? 'sudo ' : '';
  switch (manager) {
    case 'apt': {
      const recommends = command.hasOption('--no-install-recommends') ? ' --no-install-recommends' : '';
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

function namesOf(tools: readonly NamedPackage[]): string {
  return [...new Set(tools.map((each) => each.name))].join(' ');
}

function note(use: PackageUse, names: string): string {
  return use.manager === 'apk' && /g\+\+|build-base|alpine-sdk/.test(names)
    ? '; C++ programs then need the package libstdc++'
    : '';
}
