import { cleanText } from '../scan/untrusted.ts';
import { engineCommandFailure, type EngineKind, engineMessageFailure, engineName } from './engineFailure.ts';
import type { ScanFailure } from './types.ts';

type Failure = Omit<ScanFailure, 'details'> & { readonly details?: string };

/** The image to run is not named by its digest. */
export function notPinned(name: string, message: string): Failure {
  return {
    kind: 'trivy-not-pinned',
    message: `"${name.slice(0, 200)}" can't be run as the image of Trivy. ${message}`,
    nextStep:
      'The page of the image in its registry tells the digest, and so does "docker buildx imagetools inspect" with its name.',
    remedies: ['run-in-container', 'install-trivy'],
  };
}

/**
 * Why the image of Trivy could not be pulled. Texts of docker 20.10 to 28 and podman 4 and 5.
 *
 * @param stderr what the engine said
 */
export function pullFailure(
  engine: EngineKind,
  image: string,
  registry: string,
  exitCode: number | null,
  stderr: string,
): ScanFailure {
  const details = cleanText(stderr.trim());
  if (/manifest unknown|name unknown|not found: manifest|\b404\b/i.test(stderr)) {
    return {
      kind: 'no-image',
      message: `${registry} has no image ${image}.`,
      nextStep: 'Check the name and all of the digest.',
      remedies: ['run-in-container', 'show-log'],
      details,
    };
  }
  if (/pull access denied|unauthorized|authentication required|denied:|\b40[13]\b/i.test(stderr)) {
    return {
      kind: 'registry-auth',
      message: `${registry} doesn't let you pull ${image}; it says the same of images that don't exist.`,
      nextStep: `Check the name, or log in with "${engine} login ${registry}", then scan again.`,
      remedies: ['retry', 'run-in-container', 'show-log'],
      details,
    };
  }
  if (/toomanyrequests|\b429\b/i.test(stderr)) {
    return {
      kind: 'rate-limited',
      message: `${registry} has answered "too many requests".`,
      nextStep: 'Wait a while, or log in to the registry.',
      remedies: ['retry', 'run-in-container', 'show-log'],
      details,
    };
  }
  const known = engineMessageFailure(engine, stderr);
  if (known?.kind === 'disk-full' || known?.kind === 'engine-not-running') return { ...known, details };
  if (/dial tcp|no such host|TLS handshake|x509: |connection refused|timeout|proxyconnect|EOF/i.test(stderr)) {
    return {
      kind: 'registry-unreachable',
      message: `${registry} can't be reached, so the image of Trivy can't be pulled.`,
      nextStep: 'Check the network connection or proxy, or name an image of a registry that you can reach.',
      remedies: ['retry', 'run-in-container', 'show-log'],
      details,
    };
  }
  return engineCommandFailure(engine, exitCode, stderr);
}

/** What it means that a container could not be made or started. */
export function containerFailure(engine: EngineKind, image: string, failure: ScanFailure): ScanFailure {
  const { details } = failure;
  if (
    /bind source path does not exist|statfs \S+: |not shared from the host|mounts denied|error while creating mount/i.test(
      details,
    )
  ) {
    return {
      kind: 'engine-elsewhere',
      message: `${engineName(engine)} has no access to a folder that the container needs.`,
      nextStep:
        'An engine in a sandbox (snap, a virtual machine) sees only some folders: share the one that is named below with it, or set XDG_CACHE_HOME (LOCALAPPDATA on Windows) to one that it sees.',
      remedies: ['retry', 'install-trivy', 'show-log'],
      details,
    };
  }
  if (
    /executable file not found|exec format error|no such file or directory|permission denied: unknown|no command specified/i.test(
      details,
    )
  ) {
    return {
      kind: 'trivy-broken',
      message: `${image} does not run Trivy on this machine.`,
      nextStep: 'Name an image whose program is Trivy, for this kind of machine.',
      remedies: ['run-in-container', 'install-trivy', 'show-log'],
      details,
    };
  }
  return { ...failure, remedies: ['retry', 'install-trivy', 'show-log'] };
}
