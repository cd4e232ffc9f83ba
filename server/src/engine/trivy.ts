import { runTool, locate, type ScanTools } from './tools.ts';
import { done, failed, type Step } from './step.ts';
import { type TrivyInput, trivyEnvironment, trivyImageArguments, trivyVersionArguments } from './trivyArguments.ts';
import { trivyFailure, type TrivyRun } from './trivyFailure.ts';
import { trivyPhase } from './trivyPhase.ts';
import { judgeTrivyVersion, readTrivyVersion } from './trivyVersion.ts';
import type { ScanSettings, TrivyInfo } from './types.ts';

export interface FoundTrivy {
  readonly info: TrivyInfo;
  /** What the user should know, an old version for one. */
  readonly notes: readonly string[];
}

/** How long Trivy may take to tell its version; a virus scanner looks at a new program first. */
const versionMs = 30_000;

/** Finds Trivy and asks for its version: a malicious one is refused before it gets anything to do. */
export async function findTrivy(settings: ScanSettings, tools: ScanTools): Promise<Step<FoundTrivy>> {
  const path = await locate(
    {
      name: 'trivy',
      title: 'Trivy',
      setting: settings.trivyPath,
      notFound: {
        kind: 'trivy-not-found',
        nextStep: 'Install Trivy (trivy.dev), or set the path of its executable in the settings.',
        remedies: ['install-trivy', 'choose-trivy'],
      },
    },
    tools,
  );
  if (path.status !== 'done') return path;
  const answer = await runTool('Trivy', path.value, trivyVersionArguments, tools, { timeoutMs: versionMs });
  if (answer.status !== 'done') return answer;
  const version = answer.value.exitCode === 0 ? readTrivyVersion(answer.value.stdout) : undefined;
  if (version === undefined) {
    return failed({
      kind: 'trivy-broken',
      message: `${path.value} doesn't tell its version as Trivy does.`,
      nextStep: 'Check the path in the settings, or install Trivy again.',
      remedies: ['choose-trivy', 'install-trivy', 'show-log'],
      details: `${answer.value.stdout.slice(0, 2000)}\n${answer.value.stderr}`.trim(),
    });
  }
  const verdict = judgeTrivyVersion(version.version);
  if (verdict.verdict === 'refused') {
    return failed({
      kind: 'trivy-refused',
      message: `${verdict.message} It was not used.`,
      nextStep: verdict.nextStep,
      remedies: ['install-trivy', 'choose-trivy'],
      details: path.value,
    });
  }
  tools.log(`Trivy ${version.version} (${path.value}), database ${version.databaseUpdatedAt ?? 'not downloaded yet'}`);
  return done({
    info: { path: path.value, ...version },
    notes: verdict.verdict === 'old' ? [verdict.message] : [],
  });
}

export interface TrivyTask {
  readonly input: TrivyInput;
  /** The image as the user knows it, for messages. */
  readonly name: string;
  readonly settings: ScanSettings;
  /** Where Trivy unpacks; removed by the caller, because a killed Trivy leaves files behind. */
  readonly temporaryFolder: string;
}

export interface TrivyScan {
  readonly rawJson: string;
  readonly notes: readonly string[];
}

/**
 * Runs the scan.
 *
 * @param onPhase gets each phase in words as it begins
 */
export async function runTrivy(
  trivy: TrivyInfo,
  task: TrivyTask,
  tools: ScanTools,
  onPhase: (message: string) => void,
): Promise<Step<TrivyScan>> {
  const { input, name, settings, temporaryFolder } = task;
  const command = trivyImageArguments(input, settings, trivy.version);
  tools.log(`> ${trivy.path} ${command.args.join(' ')}`);
  const result = await runTool('Trivy', trivy.path, command.args, tools, {
    addedEnv: trivyEnvironment(temporaryFolder),
    onStderrLine: (line) => {
      tools.log(line);
      const phase = trivyPhase(line);
      if (phase !== undefined) onPhase(phase);
    },
    // Trivy keeps its own time limit; this one is for a Trivy that doesn't.
    timeoutMs: (settings.timeoutMinutes + 1) * 60_000,
  });
  if (result.status !== 'done') return result;
  const { exitCode, stdout, stderr } = result.value;
  if (exitCode !== 0) {
    const { timeoutMinutes } = settings;
    return failed(trivyFailure({ exitCode, stderr, image: name, source: sourceOf(input), timeoutMinutes }));
  }
  const refused =
    command.refused.length === 0 ? [] : [`These additional arguments were left out: ${command.refused.join(' ')}`];
  return done({ rawJson: stdout, notes: [...refused, ...notesIn(stderr)] });
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
