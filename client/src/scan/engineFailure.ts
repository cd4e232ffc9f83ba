import { cleanText } from '../../../server/src/scan/untrusted.ts';
import type { ScanFailure } from './types.ts';

export type EngineKind = 'docker' | 'podman';

type Described = Omit<ScanFailure, 'details'>;

/**
 * What a message of docker, podman or one of their daemons means; `undefined` when it is none of the general ones.
 * Texts of docker 20.10 to 28 and podman 4 and 5.
 */
export function engineMessageFailure(engine: EngineKind, text: string): Described | undefined {
  const name = engineName(engine);
  if (
    /permission denied.*(?:docker|podman).*(?:sock|daemon|API)|connect: permission denied|dial unix .*: permission denied/is.test(
      text,
    )
  ) {
    return {
      kind: 'engine-no-permission',
      message: `You may not use ${name}: its socket refuses your user.`,
      nextStep:
        engine === 'docker'
          ? 'Add your user to the group "docker" and log in again, or use rootless Docker or Podman.'
          : 'Use the rootless socket of your own user, or let the administrator give you access.',
      remedies: ['choose-engine', 'scan-archive', 'show-log'],
    };
  }
  if (
    /context "?[^"]*"? (?:does not exist|not found)|unable to resolve docker endpoint|current context .* is not found|no such context|context not found/i.test(
      text,
    )
  ) {
    return {
      kind: 'engine-wrong-context',
      message: 'The selected Docker context does not exist or has no address.',
      nextStep:
        'See "docker context ls" and choose another with "docker context use"; DOCKER_CONTEXT and DOCKER_HOST win over it.',
      remedies: ['retry', 'show-log'],
    };
  }
  if (
    /ssh: |command \[ssh|no such host|lookup .* on .*: |i\/o timeout|network is unreachable|no route to host|TLS handshake|x509: /i.test(
      text,
    ) &&
    isAboutDaemon(text)
  ) {
    return {
      kind: 'engine-wrong-context',
      message: `${name} is set to a machine that can't be reached.`,
      nextStep:
        engine === 'docker'
          ? 'Check "docker context ls" and DOCKER_HOST, or switch to the local engine with "docker context use default".'
          : 'Check "podman system connection list" and CONTAINER_HOST.',
      remedies: ['retry', 'show-log'],
    };
  }
  if (
    /Cannot connect to the Docker daemon|Is the docker daemon running|error during connect|failed to connect to the docker API|Cannot connect to Podman|unable to connect to Podman|connection refused|podman machine/i.test(
      text,
    )
  ) {
    return {
      kind: 'engine-not-running',
      message: `${name} is not running.`,
      nextStep:
        engine === 'docker'
          ? 'Start Docker (Docker Desktop, or "sudo systemctl start docker"), choose Podman, or scan a tar archive.'
          : 'Start Podman ("podman machine start"), choose Docker, or scan a tar archive.',
      remedies: ['retry', 'choose-engine', 'scan-archive', 'show-log'],
    };
  }
  if (/no space left on device|disk quota exceeded/i.test(text)) {
    return {
      kind: 'disk-full',
      message: `The disk that ${name} writes to is full.`,
      nextStep: `Make room, for example with "${engine} system prune".`,
      remedies: ['retry', 'show-log'],
    };
  }
  if (
    /No such image|image not known|reference does not exist|did not resolve to an alias|unable to find a name and tag match/i.test(
      text,
    )
  ) {
    return {
      kind: 'no-image',
      message: `${name} does not have this image.`,
      nextStep: 'Build or pull it first, or choose one from the list.',
      remedies: ['retry', 'show-log'],
    };
  }
  return undefined;
}

/** What went wrong in a build; everything that isn't the engine's fault is the Dockerfile's. */
export function buildFailure(engine: EngineKind, exitCode: number | null, stderr: string): ScanFailure {
  const details = cleanText(lastLines(stderr, 40));
  const described = engineMessageFailure(engine, stderr);
  if (described !== undefined && described.kind !== 'no-image') return { ...described, details };
  if (
    /buildx component is missing or broken|unknown command: docker buildx|'buildx' is not a docker command/i.test(
      stderr,
    )
  ) {
    return {
      kind: 'engine-no-builder',
      message: 'Docker has no working buildx, which its builder needs.',
      nextStep:
        'Install the buildx plugin (package "docker-buildx" or "docker-buildx-plugin"), or unset DOCKER_BUILDKIT.',
      remedies: ['retry', 'show-log'],
      details,
    };
  }
  if (
    /dockerfile parse error|unknown instruction|failed to parse stage|building at STEP|target stage .* could not be found|failed to reach build target|no build stage in current context|cannot find target/i.test(
      stderr,
    ) &&
    !/returned a non-zero code|did not complete successfully/i.test(stderr)
  ) {
    return {
      kind: 'dockerfile-invalid',
      message: `The Dockerfile can't be built as it is: ${reason(stderr)}`,
      nextStep: 'Correct what the message names, then scan again.',
      remedies: ['retry', 'show-log'],
      details,
    };
  }
  if (
    /unable to prepare context|path .* not found|failed to read dockerfile|unable to evaluate symlinks in|context must be a directory|no such file or directory: .*Dockerfile/i.test(
      stderr,
    )
  ) {
    return {
      kind: 'context-unreadable',
      message: `The build context or the Dockerfile can't be read: ${reason(stderr)}`,
      nextStep: 'Check the folder that is used as build context.',
      remedies: ['retry', 'show-log'],
      details,
    };
  }
  if (
    /failed to resolve source metadata|pull access denied|did not resolve to an alias|manifest (?:for .* )?(?:unknown|not found)|initializing source docker|TLS handshake timeout|dial tcp|toomanyrequests/i.test(
      stderr,
    ) &&
    !/returned a non-zero code|did not complete successfully|exit status/i.test(stderr)
  ) {
    const refused = /pull access denied|unauthorized|denied:|authentication required/i.test(stderr);
    return {
      kind: refused ? 'registry-auth' : 'registry-unreachable',
      message: `The base image can't be pulled: ${reason(stderr)}`,
      nextStep: refused
        ? 'Check its name, or log in to the registry, then scan again.'
        : 'Check its name and the network connection or proxy, then scan again.',
      remedies: ['retry', 'show-log'],
      details,
    };
  }
  const why = reason(stderr);
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

/** The line that a reader would look for. */
function reason(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim());
  const line =
    lines.findLast((candidate) => /^(?:ERROR|Error|error)\b/.test(candidate)) ??
    lines.findLast((candidate) => /returned a non-zero code|parse error|exit status/.test(candidate)) ??
    lines.findLast((candidate) => candidate !== '') ??
    '';
  const text = cleanText(line)
    .replace(/^(?:ERROR|Error|error):?\s*/, '')
    .replace(/^failed to (?:build|solve): (?:failed to solve: )?/, '');
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

function isAboutDaemon(text: string): boolean {
  return /error during connect|Cannot connect|failed to connect|docker daemon|Podman|dial tcp|command \[ssh/i.test(
    text,
  );
}

function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
