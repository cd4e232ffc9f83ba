import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import picomatch from 'picomatch';
import { analyse, type AnalyseOptions, fixText } from '../../server/src/lint/analyse.ts';
import type { Finding, Fix } from '../../server/src/lint/finding.ts';
import { safeFix } from '../../server/src/lint/fix/apply.ts';
import { openContextAt } from '../../server/src/lsp/contextFiles.ts';
import { allRules } from '../../server/src/rules/index.ts';
import { unifiedDiff } from '../../server/src/text/diff.ts';
import type { BuildCase, Start } from './buildCase.ts';
import type { Build, Engine, Result } from './engine.ts';
import { compareFileSystems, unexpectedDifferences } from './fileSystem.ts';
import { compareConfigs } from './imageConfig.ts';

/** A sentence or more for each promise that was not kept. */
export interface Proof {
  readonly failures: readonly string[];
  /** The change of the Dockerfile, as a unified diff. */
  readonly diff: string;
}

interface Side {
  readonly tag: string;
  readonly dockerfile: string;
  readonly context: string;
}

/** Builds the Dockerfile of a case before and after its fix, and compares what comes out. */
export async function prove(build: BuildCase, engine: Engine): Promise<Proof> {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-build-'));
  const failures: string[] = [];
  const before = prepare(build, folder, 'before');
  const after = prepare(build, folder, 'after');
  try {
    const fixed = fix(build, before);
    failures.push(...fixed.failures);
    const diff = unifiedDiff(build.dockerfile, fixed.text, { old: 'before', new: 'after' });
    if (build.fix === 'none')
      return { failures: fixed.text === build.dockerfile ? [] : ['nothing should change'], diff };
    if (fixed.text === build.dockerfile) failures.push('there was nothing to fix');
    if (failures.length > 0) return { failures, diff };
    writeFileSync(after.dockerfile, fixed.text);
    for (const side of [before, after]) {
      const { isDone, log } = await buildSide(engine, build, side);
      if (side === before && build.repairs) {
        if (isDone) failures.push('the build should fail before the fix');
      } else if (!isDone)
        failures.push(`the build ${side === before ? 'before' : 'after'} the fix failed:\n${tail(log)}`);
    }
    // What could not be built before is compared with itself.
    const old = build.repairs ? after : before;
    if (failures.length === 0) failures.push(...(await compare(build, engine, old, after)));
    return { failures, diff };
  } finally {
    await engine.remove([before.tag, after.tag]);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compare(build: BuildCase, engine: Engine, before: Side, after: Side): Promise<string[]> {
  const failures: string[] = [];
  const [old, now] = [await engine.inspect(before.tag), await engine.inspect(after.tag)];
  failures.push(...compareConfigs(old.config, now.config, build.config));
  if (build.sameFiles) {
    const differences = compareFileSystems(await engine.files(before.tag), await engine.files(after.tag));
    failures.push(...cut(unexpectedDifferences(differences, build.files)));
  }
  if (build.gone.length > 0) {
    const [had, has] = [await engine.files(before.tag), await engine.files(after.tag)].map((files) => [
      ...files.keys(),
    ]);
    for (const path of build.gone) {
      const isMatch = picomatch(path, { dot: true });
      if (!had!.some((each) => isMatch(each))) failures.push(`${path} is not there before the fix`);
      if (has!.some((each) => isMatch(each))) failures.push(`${path} is still there after the fix`);
    }
  }
  const layers = old.layers - now.layers;
  if (build.fewerLayers !== undefined && layers < build.fewerLayers)
    failures.push(`promised ${build.fewerLayers} layers fewer: ${old.layers} → ${now.layers}`);
  const bytes = old.bytes - now.bytes;
  if (build.fewerBytes !== undefined && bytes < build.fewerBytes)
    failures.push(`promised ${build.fewerBytes} bytes fewer: ${old.bytes} → ${now.bytes}`);
  if (build.nonRoot) failures.push(...(await checkNonRoot(engine, after, now.config.User)));
  for (const start of build.runs) failures.push(...(await compareRuns(engine, before, after, start)));
  if (build.service) failures.push(...(await compareService(engine, before, after, build.service)));
  for (const [index, variant] of build.fails.entries()) {
    const codes = [];
    for (const side of [before, after]) {
      const context = `${side.context}-${index}`;
      cpSync(side.context, context, { recursive: true });
      writeFiles(context, variant.edit);
      const tried = await buildSide(
        engine,
        { ...build, buildArgs: { ...build.buildArgs, ...variant.buildArgs } },
        { ...side, context },
      );
      codes.push(tried.isDone ? 'success' : tried.exitCode);
    }
    const isRight = variant.onlyAfter
      ? codes[0] === 'success' && codes[1] !== 'success'
      : codes[0] !== 'success' && codes[0] === codes[1];
    if (!isRight) failures.push(`${JSON.stringify(variant)} should fail alike: ${codes[0]} → ${codes[1]}`);
  }
  if (build.rebuild) failures.push(...(await checkRebuild(build, engine, before, after, build.rebuild)));
  return failures;
}

/** Applies the fixes that the case names, with the product's own engine. */
function fix(build: BuildCase, side: Side): { text: string; failures: string[] } {
  const only = build.rules && new Set(build.rules);
  const unknown = build.rules?.filter((id) => !allRules.some((rule) => rule.id === id)) ?? [];
  if (unknown.length > 0) return { text: build.dockerfile, failures: [`there is no rule ${unknown.join(', ')}`] };
  const context = openContextAt(side.context, side.dockerfile)?.context;
  // A rule that is asked for by name runs, even when it is off by default.
  const severities = Object.fromEntries(build.rules?.map((id) => [id, 'warning' as const]) ?? []);
  const options: AnalyseOptions = {
    rules: allRules,
    only,
    severities,
    context,
    buildArgs: build.buildArgs,
    today: new Date().toISOString().slice(0, 10),
  };
  const isSafe = build.fix === 'safe' || build.fix === 'none';
  const choose = (finding: Finding): Fix | undefined =>
    isSafe ? safeFix(finding) : finding.fixes.find(({ title }) => title.includes(build.fix));
  const result = fixText(build.dockerfile, options, choose);
  const failures = result.problems.map(({ message }) => message);
  if (build.fix !== 'none' && result.applied.length === 0) {
    const { findings, problems } = analyse(build.dockerfile, options);
    failures.push(...problems.map(({ message }) => message));
    const offered = findings.flatMap((finding) => [
      `${finding.rule}: ${finding.message}${finding.withheld ? ` (${finding.withheld})` : ''}`,
      ...finding.fixes.map(({ title, safety }) => `    ${safety}: ${title}`),
    ]);
    failures.push(`no fix applied; findings: ${offered.length > 0 ? `\n${offered.join('\n')}` : 'none'}`);
  }
  const silent = build.fix === 'none' ? [] : (build.rules?.filter((id) => !result.applied.includes(id)) ?? []);
  if (silent.length > 0) failures.push(`no fix of ${silent.join(', ')} was applied`);
  return { text: result.text, failures };
}

function prepare(build: BuildCase, folder: string, side: 'before' | 'after'): Side {
  const context = join(folder, side);
  cpSync(build.folder, context, { recursive: true });
  for (const own of ['Dockerfile', 'case.json']) rmSync(join(context, own));
  writeFiles(context, build.context);
  // Beside the context, so that COPY . . doesn't bring the text that differs.
  const dockerfile = join(folder, `Dockerfile.${side}`);
  writeFileSync(dockerfile, build.dockerfile);
  return { tag: `case-${build.name.replaceAll(/[^a-z0-9]+/g, '-')}:${side}`, dockerfile, context };
}

function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

function buildSide(engine: Engine, build: BuildCase, { tag, dockerfile, context }: Side): Promise<Build> {
  return engine.build({ tag, dockerfile, context, buildArgs: build.buildArgs });
}

async function checkNonRoot(engine: Engine, after: Side, user: unknown): Promise<string[]> {
  if (typeof user !== 'string' || /^(?:root|0)?(?::|$)/.test(user))
    return [`the image should not run as root: its user is ${JSON.stringify(user)}`];
  const { exit, output } = await engine.start(after.tag, ['--entrypoint', 'id'], ['-u']);
  // Images without any tools have nothing but the config.
  if (/executable file not found|no such file/.test(output)) return [];
  return exit === 0 && Number(output) > 0 ? [] : [`id -u printed ${output.trim()} (exit code ${exit})`];
}

async function compareRuns(engine: Engine, before: Side, after: Side, start: Start): Promise<string[]> {
  const options = Object.entries(start.env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  if (start.entrypoint !== undefined) options.push('--entrypoint', start.entrypoint);
  const [old, now] = [
    await engine.start(before.tag, options, start.args ?? []),
    await engine.start(after.tag, options, start.args ?? []),
  ];
  const failures: string[] = [];
  if (old.exit !== start.exit) failures.push(`before the fix the container ended with ${describe(old)}`);
  if (start.prints !== undefined && !old.output.includes(start.prints))
    failures.push(`"${start.prints}" is not in ${describe(old)}`);
  if (old.exit !== now.exit || old.output !== now.output)
    failures.push(`the container does something else: ${describe(old)} → ${describe(now)}`);
  return failures;
}

async function compareService(
  engine: Engine,
  before: Side,
  after: Side,
  service: { readonly request: readonly string[]; readonly answers: string },
): Promise<string[]> {
  const [old, now] = [await engine.ask(before.tag, service.request), await engine.ask(after.tag, service.request)];
  if (!old.output.includes(service.answers)) return [`before the fix the service answered ${describe(old)}`];
  return now.output === old.output ? [] : [`the service answers otherwise: ${describe(old)} → ${describe(now)}`];
}

/** Edits both contexts alike and builds again. */
async function checkRebuild(
  build: BuildCase,
  engine: Engine,
  before: Side,
  after: Side,
  rebuild: { readonly edit: Readonly<Record<string, string>>; readonly reuses: readonly string[] },
): Promise<string[]> {
  const failures: string[] = [];
  for (const side of [before, after]) {
    writeFiles(side.context, rebuild.edit);
    const { isDone, steps, log } = await buildSide(engine, build, side);
    if (!isDone) failures.push(`the second build failed:\n${tail(log)}`);
    for (const text of rebuild.reuses) {
      const found = steps.filter((step) => step.text.includes(text));
      if (found.length === 0) failures.push(`there is no step with "${text}"`);
      else if (side === before && found.some((step) => step.cached))
        failures.push(`"${text}" came from the cache before the fix, too`);
      else if (side === after && !found.every((step) => step.cached))
        failures.push(`"${text}" ran again after an edit`);
    }
  }
  return failures;
}

function describe({ exit, output }: Result): string {
  return `${exit} ${JSON.stringify(output.length > 400 ? `${output.slice(0, 400)}…` : output)}`;
}

function tail(log: string): string {
  return log.trimEnd().split('\n').slice(-15).join('\n');
}

/** Enough to see what is wrong. */
function cut(lines: readonly string[]): string[] {
  return lines.length > 25 ? [...lines.slice(0, 25), `and ${lines.length - 25} more`] : [...lines];
}
