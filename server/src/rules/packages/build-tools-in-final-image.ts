import { packageRole } from '../../facts/index.ts';
import { defineRule, type Report } from '../../lint/rule.ts';
import type { NamedPackage, PackageUse } from '../../model/packages.ts';
import type { Run } from '../../model/run.ts';
import { appendToScript } from '../../model/scriptEdits.ts';
import { callNames, isMentioned, isWorkbench, remainingPackages } from '../../model/shippedTools.ts';
import type { Stage } from '../../model/stage.ts';
import { startupOf } from '../../model/startup.ts';

export const buildToolsInFinalImage = defineRule({
  id: 'build-tools-in-final-image',
  practice: 'packages',
  summary: 'Compilers, build tools or header files are installed in the image that ships.',
  why:
    'A compiler and what belongs to it weigh 100 to 500 MB, bring hundreds of files that scanners find vulnerabilities ' +
    'in, and give an intruder tools. What runs needs none of it. Build in a stage of its own and copy the result over; ' +
    'where one stage has to do, install, build and remove in one `RUN` (on Alpine with `apk add --virtual .build-deps …` ' +
    'and `apk del .build-deps`): a removal in a later `RUN` no longer makes the image smaller.',
  severity: 'info',
  fix: 'suggestion',
  aliases: [],
  examples: [
    {
      before: 'FROM debian:13\nRUN apt-get update && apt-get install -y gcc libc6-dev && gcc -o /app app.c\nCMD ["/app"]\n',
      after: 'FROM debian:13\nRUN apt-get update && apt-get install -y gcc libc6-dev && gcc -o /app app.c && apt-get purge -y --auto-remove gcc\nCMD ["/app"]\n',
    },
  ],
  check({ dockerfile, report }) {
    const { finalStage } = dockerfile;
    if (!finalStage || isWorkbench(finalStage)) return;
    for (const { use, named } of dockerfile.shippedStages.flatMap(remainingPackages)) {
      const role = roleOf(use, named);
      if (!role || isMentioned(finalStage, callNames(use, named.name), 'at start')) continue;
      report({
        range: named.range,
        message: `${named.name} ${role.reason}; install it in a build stage, or remove it in the RUN that uses it.`,
        severity: role.kind === 'headers' ? 'hint' : 'info',
        ...repair(use, named, role.kind),
      });
    }
  },
});

interface Role {
  readonly kind: 'compiler' | 'build-tool' | 'headers';
  readonly reason: string;
}

function roleOf(use: PackageUse, named: NamedPackage): Role | undefined {
  const { stage } = use.command;
  if (named.name === 'git') return isOnlyCloning(stage) ? { kind: 'build-tool', reason: 'fetches sources, which a running service does not do' } : undefined;
  // The programs of a JDK are what runs Java programs, too.
  if (/jdk|^java-/.test(named.name)) return undefined;
  const role = packageRole(named.name);
  return role && role.kind !== 'debug-tool' ? { kind: role.kind, reason: role.reason } : undefined;
}

/** git clones in a RUN, and nothing that starts may be a script that calls it. */
function isOnlyCloning(stage: Stage): boolean {
  const final = stage.dockerfile.finalStage!;
  return stage.commands('git', 'clone').length > 0 && startupOf(final).unseenScripts.length === 0 && startupOf(final).instructions.length > 0;
}

function repair(use: PackageUse, named: NamedPackage, kind: Role['kind']): Pick<Report, 'fixes' | 'withheld'> {
  const { run, stage } = use.command;
  if (kind === 'headers') return { withheld: 'Removing it may take away the library that programs need; copy the result out of a build stage instead.' };
  if (!builds(run, use.command.range.end)) return { withheld: 'It is not used in this RUN; install it in a build stage.' };
  const heirs = stage.dockerfile.stages.filter((each) => each.chain.includes(stage)).flatMap((each) => each.runs);
  if (heirs.some((each) => each.instruction.range.start > run.instruction.range.start && builds(each, 0))) {
    return { withheld: 'A later RUN builds, too; install it in a build stage and copy the result.' };
  }
  const tools = use.packages.filter((each) => {
    const role = roleOf(use, each);
    return role && role.kind !== 'headers' && !isMentioned(stage.dockerfile.finalStage!, callNames(use, each.name), 'at start');
  });
  const names = [...new Set((tools.length > 0 ? tools : [named]).map((each) => each.name))].join(' ');
  const call = removal(use, names);
  const edit = call === undefined ? undefined : appendToScript(run, call);
  if (!edit) return { withheld: 'There is no certain place in the script to remove it.' };
  const note = use.manager === 'apk' && /g\+\+|build-base|alpine-sdk/.test(names) ? '; C++ programs then need the package libstdc++' : '';
  return { fixes: [{ title: `Remove ${names} at the end of this RUN (what was built must not need it${note})`, edits: [edit] }] };
}

function removal({ manager, command }: PackageUse, names: string): string | undefined {
  const sudo = command.shell.wrappers.some((word) => word.value === 'sudo') ? 'sudo ' : '';
  switch (manager) {
    case 'apt':
      return `${sudo}apt-get purge -y --auto-remove ${names}`;
    case 'apk':
      return `${sudo}apk del ${names}`;
    case 'dnf':
      return `${sudo}${command.name} remove -y ${names}`;
    case 'zypper':
      return `${sudo}zypper remove -y --clean-deps ${names}`;
    default:
      return undefined;
  }
}

const builders =
  /^(?:gcc|cc|g\+\+|c\+\+|clang|clang\+\+|make|gmake|cmake|ninja|meson|cargo|rustc|go|python[\d.]*|pip[\d.]*|pipenv|poetry|uv|npm|npx|yarn|pnpm|node-gyp|gem|bundle|pecl|phpize|docker-php-ext-.*|install-php-extensions|configure|cpanm?|luarocks|mvn|mvnw|gradle|gradlew|R|Rscript|ghc|stack|cabal|autoreconf|autogen\.sh|git|.*\.sh|sh|bash)$/;

/** Whether a command behind the offset may build something, or is a script that may. */
function builds(run: Run, behind: number): boolean {
  if (run.script && !run.script.complete) return true;
  return run.commands.some((command) => command.range.start >= behind && builders.test(command.name));
}
