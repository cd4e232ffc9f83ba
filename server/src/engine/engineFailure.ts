import { cleanText } from '../scan/untrusted.ts';
import type { ScanFailure } from './types.ts';

export type EngineKind = 'docker' | 'podman';

type Described = Omit<ScanFailure, 'details'>;

/** A failure known by its text; the first whose text is found is taken. */
interface KnownFailure {
  readonly text: RegExp;
  readonly describe: (engine: EngineKind, text: string) => Described;
}

/** General failures of engines. Texts of docker 20.10 to 28 and podman 4 and 5. */
const engineFailures: readonly KnownFailure[] = [
  {
    text: /permission denied while trying to connect|dial unix \S+: (?:connect: )?permission denied/i,
    describe: (engine) => ({
      kind: 'engine-no-permission',
      message: `You may not use ${engineName(engine)}: its socket refuses your user.`,
      nextStep:
        engine === 'docker'
          ? 'Add your user to the group "docker" and log in again, or use rootless Docker or Podman.'
          : 'Use the rootless socket of your own user, or let the administrator give you access.',
      remedies: ['choose-engine', 'scan-archive', 'show-log'],
    }),
  },
  {
    text: /unable to resolve docker endpoint|context "?[^"\n]*"? (?:does not exist|not found)|current context .* is not found|no such context|context not found/i,
    describe: () => ({
      kind: 'engine-wrong-context',
      message: 'The selected Docker context does not exist or has no address.',
      nextStep:
        'See "docker context ls" and choose another with "docker context use"; DOCKER_CONTEXT and DOCKER_HOST win over it.',
      remedies: ['retry', 'show-log'],
    }),
  },
  {
    text: /(?:error during connect|cannot connect|failed to connect|unable to connect)[^]*(?:command \[ssh|ssh: |no such host|i\/o timeout|network is unreachable|no route to host|TLS handshake|x509: )/i,
    describe: (engine) => ({
      kind: 'engine-wrong-context',
      message: `${engineName(engine)} is set to a machine that can't be reached.`,
      nextStep:
        engine === 'docker'
          ? 'Check "docker context ls" and DOCKER_HOST, or switch to the local engine with "docker context use default".'
          : 'Check "podman system connection list" and CONTAINER_HOST.',
      remedies: ['retry', 'show-log'],
    }),
  },
  {
    text: /cannot connect to the docker daemon|is the docker daemon running|error during connect|failed to connect to the docker API|(?:cannot|unable to) connect to podman/i,
    describe: (engine) => ({
      kind: 'engine-not-running',
      message: `${engineName(engine)} is not running.`,
      nextStep:
        engine === 'docker'
          ? 'Start Docker (Docker Desktop, or "sudo systemctl start docker"), choose Podman, or scan a tar archive.'
          : 'Start Podman ("podman machine start"), choose Docker, or scan a tar archive.',
      remedies: ['retry', 'choose-engine', 'scan-archive', 'show-log'],
    }),
  },
  {
    text: /client version \S+ is too (?:new|old)/i,
    describe: (_, text) => ({
      kind: 'unknown',
      message: /too new/i.test(text)
        ? 'The docker client is newer than its engine understands.'
        : 'The docker client is older than its engine accepts.',
      nextStep: /too new/i.test(text)
        ? 'Update the engine, or set DOCKER_API_VERSION to the version that the message names.'
        : 'Update the client.',
      remedies: ['choose-engine', 'scan-archive', 'show-log'],
    }),
  },
  {
    text: /request returned 50\d[^\n]* for API route/i,
    describe: (engine) => ({
      kind: 'engine-not-running',
      message: `${engineName(engine)} is there, but not ready.`,
      nextStep: 'It may still be starting, or be paused; wait a moment, then scan again.',
      remedies: ['retry', 'scan-archive', 'show-log'],
    }),
  },
  {
    text: /request returned \d+[^\n]* for API route/i,
    describe: () => ({
      kind: 'engine-wrong-context',
      message: 'Something else than Docker answers at the address that is set.',
      nextStep: 'Check "docker context ls" and DOCKER_HOST.',
      remedies: ['retry', 'scan-archive', 'show-log'],
    }),
  },
  {
    text: /no space left on device|disk quota exceeded|not enough space on the disk/i,
    describe: (engine) => ({
      kind: 'disk-full',
      message: `The disk that ${engineName(engine)} writes to is full.`,
      nextStep: `Make room, for example with "${engine} system prune".`,
      remedies: ['retry', 'show-log'],
    }),
  },
  {
    text: /no such image|image not known|reference does not exist|did not resolve to an alias|unable to find a name and tag match/i,
    describe: (engine) => ({
      kind: 'no-image',
      message: `${engineName(engine)} does not have this image.`,
      nextStep: 'Build or pull it first, or choose one from the list.',
      remedies: ['retry', 'show-log'],
    }),
  },
];

/** What can go wrong before the first step of a build runs, beside the engine's own failures. */
const buildFailures: readonly KnownFailure[] = [
  {
    text: /buildx component is missing or broken|unknown command: docker buildx|'buildx' is not a docker command/i,
    describe: () => ({
      kind: 'engine-no-builder',
      message: 'Docker has no working buildx, which its builder needs.',
      nextStep:
        'Install the buildx plugin (package "docker-buildx" or "docker-buildx-plugin"), or unset DOCKER_BUILDKIT.',
      remedies: ['retry', 'show-log'],
    }),
  },
  {
    text: /failed to reach build target|target stage .* could not be found|the target "[^"]*" was not found|no stage or context with name/i,
    describe: (_, text) => ({
      kind: 'dockerfile-invalid',
      message: `The Dockerfile doesn't have the stage to build: ${reasonIn(text)}`,
      nextStep: 'Choose another stage.',
      remedies: ['retry', 'show-log'],
    }),
  },
  {
    text: /dockerfile parse error|unknown instruction|no build stage in current context|failed to parse stage name|file with no instructions|the dockerfile (?:.* )?cannot be empty/i,
    describe: (_, text) => ({
      kind: 'dockerfile-invalid',
      message: `The Dockerfile can't be built as it is: ${reasonIn(text)}`,
      nextStep: 'Correct what the message names, then scan again.',
      remedies: ['retry', 'show-log'],
    }),
  },
  {
    text: /unable to prepare context|failed to read dockerfile|resolve : lstat|unable to evaluate symlinks in|error: (?:stat|no context directory|the specified Containerfile or Dockerfile)/i,
    describe: (_, text) => ({
      kind: 'context-unreadable',
      message: `The build context or the Dockerfile can't be read: ${reasonIn(text)}`,
      nextStep: 'Check the folder that is used as build context.',
      remedies: ['retry', 'show-log'],
    }),
  },
  {
    text: /pull access denied|unauthorized|authentication required|denied: /i,
    describe: (_, text) => ({
      kind: 'registry-auth',
      message: `The base image can't be pulled: ${reasonIn(text)}`,
      nextStep: 'Check its name, or log in to the registry, then scan again.',
      remedies: ['retry', 'show-log'],
    }),
  },
  {
    text: /failed to resolve source metadata|dial tcp|TLS handshake timeout|manifest .*(?:unknown|not found)|initializing source docker|did not resolve to an alias|toomanyrequests|failed to do request/i,
    describe: (_, text) => ({
      kind: 'registry-unreachable',
      message: `The base image can't be pulled: ${reasonIn(text)}`,
      nextStep: 'Check its name and the network connection or proxy, then scan again.',
      remedies: ['retry', 'show-log'],
    }),
  },
];

/** A step ran and failed: what it printed must not be taken for a message of the engine. */
const stepFailed =
  /returned a non-zero code|did not complete successfully|executor failed running|building at STEP "(?:RUN|COPY|ADD)|subprocess exited/;

/** What a message of docker, podman or one of their daemons means; `undefined` when it is none of the known ones. */
export function engineMessageFailure(engine: EngineKind, text: string): Described | undefined {
  return engineFailures.find((known) => known.text.test(text))?.describe(engine, text);
}

/** What a failed command of an engine other than a build means. */
export function engineCommandFailure(engine: EngineKind, exitCode: number | null, stderr: string): ScanFailure {
  const details = cleanText(stderr.trim());
  const known = engineMessageFailure(engine, stderr);
  if (known !== undefined) return { ...known, details };
  const why = reasonIn(stderr);
  return {
    kind: 'unknown',
    message: `${engineName(engine)} failed${why === '' ? ` with code ${exitCode ?? 'unknown'}.` : `: ${why}`}`,
    nextStep: 'The log has all that it said.',
    remedies: ['retry', 'show-log'],
    details,
  };
}

/**
 * Why a build failed.
 *
 * @param output what the build wrote, both streams; its end is enough
 */
export function buildFailure(engine: EngineKind, exitCode: number | null, output: string): ScanFailure {
  const details = cleanText(lastLines(output, 40));
  if (!stepFailed.test(output)) {
    const text = ownWords(output);
    const known = [...buildFailures, ...engineFailures].find((candidate) => candidate.text.test(text));
    if (known !== undefined) return { ...known.describe(engine, text), details };
  } else if (/no space left on device/i.test(output)) {
    return { ...(engineMessageFailure(engine, 'no space left on device') as Described), details };
  }
  const why = reasonIn(output);
  return {
    kind: 'build-failed',
    message: why === '' ? `The build ended with code ${exitCode ?? 'unknown'}.` : `The build failed: ${why}`,
    nextStep: 'The log shows the failing step and its output; when the build works, scan again.',
    remedies: ['show-log', 'retry'],
    details,
  };
}

export function engineName(engine: EngineKind): string {
  return engine === 'docker' ? 'Docker' : 'Podman';
}

/** The engine's last lines without those of steps. */
function ownWords(output: string): string {
  return lastLines(
    output
      .split('\n')
      .filter((line) => !/^#\d+ (?!ERROR)/.test(line))
      .join('\n'),
    10,
  );
}

/** The line that a reader would look for. */
function reasonIn(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => !/^(?:#\d+ (?!ERROR)|time=|-+$|DEPRECATED|https:)/.test(line));
  const line =
    lines.findLast((candidate) => /^(?:#\d+ )?(?:ERROR|Error|error)\b/.test(candidate)) ??
    lines.findLast((candidate) => /returned a non-zero code|exit (?:code|status)/.test(candidate)) ??
    lines.findLast((candidate) => candidate !== '') ??
    '';
  const text = cleanText(line)
    .replace(/^(?:#\d+ )?(?:ERROR|Error|error):?\s*/, '')
    .replace(/^(?:response from daemon|failed to build|failed to solve|creating build container): */i, '')
    .replace(/^failed to solve(?: with frontend dockerfile\.v0)?: (?:failed to create LLB definition: )?/, '');
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
