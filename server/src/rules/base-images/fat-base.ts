import { packagesFor, slimVariants, type SlimVariant } from '../../facts/index.ts';
import { defineRule, type FixProposal } from '../../lint/rule.ts';
import { type NeededCommand, neededCommands } from '../../model/neededCommands.ts';
import { isEditable } from '../../model/scriptEdits.ts';
import { isWorkbench } from '../../model/shippedTools.ts';
import type { Stage } from '../../model/stage.ts';
import { rewriteFix, shippedBuild } from '../stages/rewrite/index.ts';
import { insertAfter } from '../../text/edit.ts';
import { isBuiltFor, lostPlatforms } from './architectures.ts';
import { tagEdit } from './editTag.ts';
import { muslCaveat } from './muslCaveat.ts';
import { someOf } from '../someOf.ts';
import { listed, megabytes } from './words.ts';

/** Below this many bytes (compressed) another base is not worth the change. */
const leastSaving = 15e6;

export const fatBase = defineRule({
  id: 'fat-base',
  practice: 'base-images',
  summary: 'The final image is built on the full variant of a base that has a slim one.',
  why: [
    'The full images of languages and distributions bring compilers, version control and hundreds of libraries, so that anything can be built on them. A container that only runs a program needs none of it, but downloads it, stores it, and inherits its vulnerabilities.',
    '',
    'The rule judges only what ships: a build stage may be as fat as it likes, and so may an image that people work in (a development container, a CI runner, one that starts a shell). It names the commands that this Dockerfile calls and the slim variant lacks, and offers the change when it finds none, or when they can be added to the packages that the stage installs anyway. A variant that is not published for the platform in `FROM --platform=` is not offered; of one with another C library the title names what here usually breaks. What is installed from source (native modules, packages without a wheel) may still need a compiler; then build in a stage of its own. Where the stage is seen to build a program, that rewrite into two stages is offered first.',
    '',
    'Sizes are compressed, for linux/amd64, as a registry sends them.',
  ].join('\n'),
  severity: 'info',
  fix: 'suggestion',
  aliases: ['dockerfile-doctor/DD018'],
  examples: [
    {
      before: 'FROM python:3.13\nCOPY app.py /\nCMD ["python", "/app.py"]\n',
      after: 'FROM python:3.13-slim\nCOPY app.py /\nCMD ["python", "/app.py"]\n',
    },
  ],
  check({ dockerfile, report }) {
    const stage = dockerfile.shippedStages.at(-1);
    if (stage && isWorkbench(stage)) return;
    if (!stage?.base.isExternal || !stage.base.written || stage.base.resolved!.digest !== undefined) return;
    const variants = slimVariants(stage.base.resolved!).filter(
      (variant) =>
        (variant.risk !== 'high' || variant.changesLibc) &&
        isBuiltFor(stage, variant) &&
        !lacksCompiler(stage, variant),
    );
    const best = variants.find((variant) => !variant.changesLibc);
    if (!best || savedBytes(best) < leastSaving) return;
    const missing = missingCommands(stage, best);
    const build = shippedBuild(stage);
    // Where the fat base is there to build with, the better answer is to ship another one than to build without it.
    const rewrite =
      build?.answer.kind === 'plan' ? [rewriteFix(stage, build.answer.plan, `Build on ${stage.base.name}, ship`)] : [];
    const size =
      best.currentSize && best.size ? ` (${megabytes(best.currentSize)} against ${megabytes(best.size)})` : '';
    const simple =
      missing.length > 0 ? withPackages(stage, best, missing) : variants.flatMap((variant) => fix(stage, variant));
    const fixes = [...rewrite, ...simple];
    const used = listed(missing.slice(0, 3).map((command) => command.name));
    const isInstalled = missing.length > 0 && simple.length > 0;
    report({
      range: stage.base.word!.hasVariable
        ? stage.base.word!.range
        : (stage.base.written.tagRange ?? stage.base.written.nameRange),
      message: `${stage.base.name} is the full image${size}; ${isInstalled && rewrite.length === 0 ? `${best.tag} lacks only ${used}, which can be installed` : advice(rewrite.length > 0, missing.length > 0, best)}.`,
      fixes,
      related: [
        ...(build ? [{ range: build.command.range, message: `This is its build (${build.ecosystem.name}).` }] : []),
        ...missing
          .slice(0, 5)
          .map((command) => ({ range: command.range, message: `${command.name} is not in ${best.tag}.` })),
      ],
      ...(fixes.length === 0
        ? {
            withheld:
              missing.length === 0
                ? 'The tag is put together from variables.'
                : `This stage uses ${used}, which ${best.tag} does not have.`,
          }
        : {}),
    });
  },
});

function advice(hasRewrite: boolean, isNeeded: boolean, best: SlimVariant): string {
  if (hasRewrite) return 'build in a stage of its own and ship the result in a slim image';
  return isNeeded ? `build in a stage of its own and ship ${best.tag}` : `${best.tag} is enough to run most programs`;
}

/** What the variant saves; without measured sizes it is taken to be worth it. */
function savedBytes({ currentSize, size }: SlimVariant): number {
  return currentSize && size ? currentSize.bytes - size.bytes : Number.POSITIVE_INFINITY;
}

/** Build tools of Java, which call the compiler themselves: an image that starts them is there to build. */
const javaBuilds: ReadonlySet<string> = new Set(
  'mvn mvnw mvnd gradle gradlew sbt ant lein javac jar jlink jdeps jshell jcmd jmap jstack'.split(' '),
);

function lacksCompiler(stage: Stage, variant: SlimVariant): boolean {
  const isRuntime = (tag: string): boolean => /(?:^|-)jre(?:-|$)/.test(tag);
  if (!isRuntime(variant.tag) || isRuntime(stage.base.resolved?.tag ?? '')) return false;
  return neededCommands(stage).some(({ name }) => javaBuilds.has(name));
}

function missingCommands(stage: Stage, variant: SlimVariant): readonly NeededCommand[] {
  const lost = new Set(variant.loses ?? []);
  return neededCommands(stage).filter((command) => lost.has(command.name));
}

/** The slim variant with what this stage calls and it lacks, added to the packages that the stage installs anyway. */
function withPackages(stage: Stage, variant: SlimVariant, missing: readonly NeededCommand[]): FixProposal[] {
  const manager = stage.base.facts?.packageManager;
  const edit = tagEdit(stage, variant.tag);
  if (!edit || (manager !== 'apt' && manager !== 'apk')) return [];
  const found = missing.map((command) => packagesFor(command.name, manager));
  if (found.includes(undefined)) return [];
  const uses = stage.runs.flatMap((run) => run.installs);
  const first = Math.min(...missing.filter((command) => !command.atRunTime).map((command) => command.range.start));
  const use = uses.find(
    (each) =>
      each.manager === manager &&
      each.packages.length > 0 &&
      each.command.shell.unconditional &&
      each.command.range.end < first &&
      !['autoremove', 'purge', 'remove', 'del'].some((word) => each.command.run.scriptText.includes(word)),
  );
  const last = use?.packages.at(-1);
  if (!use || !last || !isEditable(use.command.run)) return [];
  const present = new Set(use.packages.map((each) => each.name));
  const packages = [...new Set(found.flatMap((each) => each ?? []))].filter((name) => !present.has(name));
  if (packages.length === 0 || packages.length > mostPackages) return [];
  const compiles = variant.loses?.includes('gcc') && !packages.includes('gcc') ? compilingInstall(stage) : undefined;
  const risk = compiles ? `; ${compiles} can’t compile` : '';
  const title = `Use ${variant.tag} and install ${listed(packages)} there${risk}${architectureCaveat(stage, variant)}`;
  return [{ title, edits: [edit, insertAfter(last.range, ` ${packages.join(' ')}`)], preferred: false }];
}

/** With more of them, the full image is the simpler answer. */
const mostPackages = 6;

function architectureCaveat(stage: Stage, variant: SlimVariant): string {
  const lost = lostPlatforms(stage, variant);
  return lost.length > 0 ? `; not published for ${listed(lost)}` : '';
}

function fix(stage: Stage, variant: SlimVariant): FixProposal[] {
  const edit = tagEdit(stage, variant.tag);
  if (!edit || missingCommands(stage, variant).length > 0) return [];
  const saved =
    variant.currentSize && variant.size
      ? `${megabytes(variant.currentSize)} → ${megabytes(variant.size)}; `.replaceAll('about ', '~')
      : '';
  const lacks = ['gcc', 'make', 'git', 'curl', 'wget', 'python3'].filter((each) => variant.loses?.includes(each));
  const compiles = lacks.includes('gcc') ? compilingInstall(stage) : undefined;
  const lacking = lacks.length > 0 ? `lacks ${someOf(lacks, variant.changesLibc ? 2 : 4)}` : 'has fewer programs';
  const what = compiles ? `without gcc ${compiles} can’t compile` : lacking;
  const libc = variant.changesLibc ? `; ${muslCaveat(stage)}` : '';
  return [
    {
      title: `Use ${variant.tag} (${saved}${what}${libc}${architectureCaveat(stage, variant)})`,
      edits: [edit],
      preferred: false,
    },
  ];
}

/** A dependency install that may call a compiler without naming it, as it is written. */
function compilingInstall(stage: Stage): string | undefined {
  const managers = ['pip', 'uv', 'poetry', 'pipenv', 'npm', 'yarn', 'pnpm', 'bundler', 'gem', 'cargo'];
  const runs = stage.dockerfile.stages.filter((each) => each.chain.includes(stage)).flatMap((each) => each.runs);
  const use = runs.flatMap((run) => run.installs).find((install) => managers.includes(install.manager));
  return use && `${use.command.name} ${use.command.subcommand ?? 'install'}`;
}
