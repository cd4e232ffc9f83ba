import { parseArgs } from 'node:util';
import { buildBundles } from './build.ts';
import { embeddedEditorMissing } from './testing/embedded.ts';
import { runExtensionSuite } from './testing/extension.ts';
import { findTests, runMocha } from './testing/mocha.ts';
import { failed, type Outcome, skipped } from './testing/outcome.ts';
import { attemptTwice } from './testing/secondAttempt.ts';

const usage = `Usage: npm test [-- [--only STEP[,STEP]] [--grep TEXT]]

PLIMSOLL_TEST_MINUTES limits the whole run; each step has ten minutes in any case.

Steps, in the order in which they run:
`;

interface Step {
  readonly name: string;
  readonly about: string;
  run(options: StepOptions): Promise<Outcome>;
}

interface StepOptions {
  readonly grep: string | undefined;
  /** Milliseconds that the step may take from now on. */
  readonly timeLimit: number;
}

const stepLimit = 10 * 60_000;

/** Folders of test/ that are steps of their own, or are not run by `npm test`. */
const ownStep = ['protocol', 'cli', 'scan', 'extension', 'workbench', 'builds', 'bench'];

const steps: readonly Step[] = [
  {
    name: 'unit',
    about: 'rules, model, syntax, client logic, architecture',
    run: (options) => runMocha('unit', unitTests(), options),
  },
  {
    name: 'protocol',
    about: 'the built server over stdio',
    run: (options) => runMocha('protocol', testsIn('protocol'), options),
  },
  { name: 'cli', about: 'the built command line', run: (options) => runMocha('cli', testsIn('cli'), options) },
  {
    name: 'scan',
    about: 'images built and listed with a real container engine',
    run: (options) => runMocha('scan', testsIn('scan'), options),
  },
  {
    name: 'builds',
    about: 'images built before and after a fix, with a real container engine',
    run: (options) => runMocha('builds', testsIn('builds'), options),
  },
  { name: 'extension', about: 'mocha inside a real VS Code extension host', run: runExtensionSuite },
  {
    name: 'workbench',
    about: 'a browser drives the real editor with the packaged extension',
    run: (options) => runWorkbench(options),
  },
];

process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { only: { type: 'string', multiple: true }, grep: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    console.log(usage + steps.map((step) => `  ${step.name.padEnd(10)} ${step.about}`).join('\n'));
    return 0;
  }
  const only = values.only?.flatMap((names) => names.split(','));
  const unknown = only?.find((name) => !steps.some((step) => step.name === name));
  if (unknown !== undefined) {
    console.error(`There is no step "${unknown}".\n\n${usage}${steps.map((step) => `  ${step.name}`).join('\n')}`);
    return 2;
  }

  await buildBundles();
  const outcomes: Outcome[] = [];
  for (const step of steps) {
    if (only && !only.includes(step.name)) continue;
    const started = Date.now();
    const outcome = await runStep(step, values.grep).catch((error: unknown) => failed(step.name, describe(error)));
    outcomes.push(outcome);
    printOutcome(step.name, outcome, Date.now() - started);
  }
  return printTotal(outcomes);
}

async function runStep(step: Step, grep: string | undefined): Promise<Outcome> {
  const timeLimit = timeLeft();
  if (timeLimit <= 0) return failed(step.name, 'no time was left for it');
  return step.run({ grep, timeLimit });
}

/** Milliseconds that a step beginning now may take. */
function timeLeft(): number {
  const minutes = Number(process.env.PLIMSOLL_TEST_MINUTES ?? Infinity);
  return Math.min(stepLimit, minutes * 60_000 - performance.now());
}

async function runWorkbench(options: StepOptions): Promise<Outcome> {
  const missing = embeddedEditorMissing();
  if (missing) return skipped(`workbench: ${missing.message}`);
  const attempt = (files: readonly string[]) => runMocha('workbench', files, { ...options, timeLimit: timeLeft() });
  return attemptTwice(testsIn('workbench'), attempt, console.log);
}

function printOutcome(name: string, outcome: Outcome, milliseconds: number): void {
  for (const failure of outcome.failures) console.log(`\n  FAILED ${failure.title}\n${indent(failure.detail)}`);
  for (const skip of outcome.skips) console.log(`  skipped: ${skip}`);
  console.log(`${name}: ${counts([outcome])} (${(milliseconds / 1000).toFixed(1)} s)`);
}

function printTotal(outcomes: readonly Outcome[]): number {
  console.log(`\n${counts(outcomes)}`);
  return outcomes.some((outcome) => outcome.failures.length > 0) ? 1 : 0;
}

function counts(outcomes: readonly Outcome[]): string {
  const sum = (count: (outcome: Outcome) => number) => outcomes.reduce((total, outcome) => total + count(outcome), 0);
  const passed = sum((outcome) => outcome.passed);
  const failures = sum((outcome) => outcome.failures.length);
  const skips = sum((outcome) => outcome.skips.length);
  return `${passed} passed, ${failures} failed, ${skips} skipped`;
}

function unitTests(): string[] {
  const elsewhere = ownStep.map((folder) => `test/${folder}/`);
  return ['server', 'client', 'scripts', 'test']
    .flatMap(findTests)
    .filter((file) => !elsewhere.some((folder) => file.startsWith(folder)));
}

function testsIn(folder: string): string[] {
  return findTests(`test/${folder}`);
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ');
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
