import type { RunResult } from './process.ts';
import { locate, runTool, type ScanTools } from './tools.ts';
import { done, failed, type Step } from './step.ts';
import { type TrivyInput, trivyEnvironment, trivyImageArguments, trivyVersionArguments } from './trivyArguments.ts';
import { trivyFailure, type TrivyRun } from './trivyFailure.ts';
import { trivyPhase } from './trivyPhase.ts';
import { judgeTrivyVersion, readTrivyVersion } from './trivyVersion.ts';
import type { ScanFailure, ScanSettings, TrivyInfo } from './types.ts';

/** A Trivy that answers. */
export interface Trivy {
  readonly info: TrivyInfo;
  /** What the user should know, an old version for one. */
  readonly notes: readonly string[];
  /** True when it sees only files that it is given. */
  readonly needsFile: boolean;
  /** What removes its vulnerability database; its own command when absent. */
  readonly removal?: string;
  /** Starts a scan and waits for its end. */
  launch(task: TrivyTask, options: LaunchOptions): Promise<Step<TrivyLaunch>>;
  /** What it tells of itself after a scan, which may have renewed the database. */
  renewed(): Promise<TrivyInfo>;
}

export interface LaunchOptions {
  readonly timeoutMs: number;
  readonly onStderrLine: (line: string) => void;
}

export interface TrivyLaunch {
  readonly result: RunResult;
  /** Under which name or path Trivy saw the image. */
  readonly seenAs: string;
  /** See `TrivyCommand.refused`. */
  readonly refused: readonly string[];
}

/** How long Trivy may take to tell its version; a virus scanner looks at a new program first. */
const versionMs = 30_000;

/** Finds Trivy and asks for its version: a malicious one is refused before it gets anything to do. */
export async function findTrivy(settings: ScanSettings, tools: ScanTools): Promise<Step<Trivy>> {
  const path = await locate(
    {
      name: 'trivy',
      title: 'Trivy',
      setting: settings.trivyPath,
      notFound: {
        kind: 'trivy-not-found',
        nextStep:
          'Install Trivy (trivy.dev), set the path of its executable in the settings, or let it run in a container.',
        remedies: ['install-trivy', 'choose-trivy', 'run-in-container'],
      },
    },
    tools,
  );
  if (path.status !== 'done') return path;
  const ask = () => runTool('Trivy', path.value, trivyVersionArguments, tools, { timeoutMs: versionMs });
  const answer = await ask();
  if (answer.status !== 'done') return answer;
  const checked = checkVersion(answer.value, path.value, {
    nextStep: 'Check the path in the settings, or install Trivy again.',
    remedies: ['choose-trivy', 'install-trivy', 'show-log'],
  });
  if (checked.status !== 'done') return checked;
  const { info, notes } = checked.value;
  tools.log(`Trivy ${info.version} (${info.path}), database ${info.databaseUpdatedAt ?? 'not downloaded yet'}`);
  return done({
    info,
    notes,
    needsFile: false,
    launch: async ({ input, settings: ours, temporaryFolder }, options) => {
      const { args, refused } = trivyImageArguments(input, ours, info.version);
      tools.log(`> ${info.path} ${args.join(' ')}`);
      const addedEnv = trivyEnvironment(temporaryFolder);
      const run = await runTool('Trivy', info.path, args, tools, { addedEnv, ...options });
      return run.status === 'done' ? done({ result: run.value, refused, seenAs: seenAs(input) }) : run;
    },
    renewed: async () => {
      const again = await ask();
      const version = again.status === 'done' ? readTrivyVersion(again.value.stdout) : undefined;
      return version === undefined ? info : { path: info.path, ...version };
    },
  });
}

/** Judges the answer to the question for the version. */
export function checkVersion(
  { exitCode, stdout, stderr }: RunResult,
  path: string,
  notTrivy: Pick<ScanFailure, 'nextStep' | 'remedies'>,
): Step<Pick<Trivy, 'info' | 'notes'>> {
  const version = exitCode === 0 ? readTrivyVersion(stdout) : undefined;
  if (version === undefined) {
    return failed({
      kind: 'trivy-broken',
      message: `${path} doesn't tell its version as Trivy does.`,
      ...notTrivy,
      details: `${stdout.slice(0, 2000)}\n${stderr}`.trim(),
    });
  }
  const verdict = judgeTrivyVersion(version.version);
  if (verdict.verdict === 'refused') {
    return failed({
      kind: 'trivy-refused',
      message: `${verdict.message} It was not used.`,
      nextStep: verdict.nextStep,
      remedies: ['install-trivy', 'choose-trivy'],
      details: path,
    });
  }
  return done({ info: { path, ...version }, notes: verdict.verdict === 'old' ? [verdict.message] : [] });
}

export interface TrivyTask {
  readonly input: TrivyInput;
  /** The image as the user knows it, for messages. */
  readonly name: string;
  /** What the report is to call it: its name, or the path of the user's file. */
  readonly reportedAs: string;
  readonly settings: ScanSettings;
  /** Where Trivy unpacks; removed by the caller, because a killed Trivy leaves files behind. */
  readonly temporaryFolder: string;
}

export interface TrivyScan {
  readonly rawJson: string;
  readonly notes: readonly string[];
}

/**
 * Runs the scan. While another Trivy uses the cache it is tried again, for as long as a scan may take.
 *
 * @param onPhase gets each phase in words as it begins
 */
export async function runTrivy(
  trivy: Trivy,
  task: TrivyTask,
  tools: ScanTools,
  onPhase: (message: string, phase: 'scan' | 'wait') => void,
): Promise<Step<TrivyScan>> {
  const end = Date.now() + task.settings.timeoutMinutes * 60_000;
  for (;;) {
    const scan = await runOnce(trivy, task, tools, (message) => onPhase(message, 'scan'));
    if (scan.status !== 'failure' || scan.failure.kind !== 'locked' || Date.now() >= end) return scan;
    onPhase('Waiting for another Trivy, which uses the cache', 'wait');
    // Trivy itself has waited for five seconds.
    await pause(lockedMs, tools.signal);
  }
}

/** Between two tries, when another Trivy uses the cache. */
const lockedMs = 1000;

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(wake, milliseconds);
    function wake() {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      resolve();
    }
    signal.addEventListener('abort', wake);
    if (signal.aborted) wake();
  });
}

async function runOnce(
  trivy: Trivy,
  task: TrivyTask,
  tools: ScanTools,
  onPhase: (message: string) => void,
): Promise<Step<TrivyScan>> {
  const { input, name, reportedAs, settings } = task;
  const launched = await trivy.launch(task, {
    onStderrLine: (line) => {
      tools.log(line);
      const phase = trivyPhase(line);
      if (phase !== undefined) onPhase(phase);
    },
    // Trivy keeps its own time limit; this one is for a Trivy that doesn't.
    timeoutMs: (settings.timeoutMinutes + 1) * 60_000,
  });
  if (launched.status !== 'done') return launched;
  const { result, refused, seenAs: seen } = launched.value;
  const { exitCode, stdout, stderr } = result;
  if (exitCode !== 0) {
    const { timeoutMinutes } = settings;
    const { databaseUpdatedAt, javaDatabaseUpdatedAt } = trivy.info;
    return failed(
      trivyFailure({
        ...{ exitCode, stderr, image: name, source: sourceOf(input), timeoutMinutes },
        extraArguments: settings.extraTrivyArguments ?? [],
        hasDatabase: databaseUpdatedAt !== undefined,
        hasJavaDatabase: javaDatabaseUpdatedAt !== undefined,
        ...(trivy.removal === undefined ? {} : { removal: trivy.removal }),
      }),
    );
  }
  const leftOut = refused.length === 0 ? [] : [`These additional arguments were left out: ${refused.join(' ')}`];
  return done({ rawJson: renamed(stdout, seen, reportedAs), notes: [...leftOut, ...notesIn(stderr)] });
}

/** How Trivy names an input in its report. */
export function seenAs(input: TrivyInput): string {
  return input.kind === 'archive' ? input.path : input.reference;
}

/** The report with the name that the user knows, where Trivy was given an id or a file of ours. */
function renamed(rawJson: string, seen: string, name: string): string {
  if (seen === name) return rawJson;
  // The name stands alone, or with the operating system behind it.
  const start = JSON.stringify(seen).slice(0, -1);
  const better = JSON.stringify(name).slice(0, -1);
  return rawJson
    .replaceAll(`": ${start}"`, `": ${better}"`)
    .replaceAll(`"Target": ${start} (`, `"Target": ${better} (`);
}

function sourceOf(input: TrivyInput): TrivyRun['source'] {
  if (input.kind === 'engine') return input.engine;
  return input.kind === 'registry' ? 'remote' : 'archive';
}

function notesIn(stderr: string): string[] {
  return /Falling back to embedded checks/i.test(stderr)
    ? ['Trivy could not renew its checks of configuration files and used the built-in ones.']
    : [];
}
