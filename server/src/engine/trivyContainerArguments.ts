import { checkImageReference } from './imageReference.ts';
import { asObject, asTexts } from '../scan/untrusted.ts';
import { ourVariables } from './trivyArguments.ts';
import type { Machine } from './findExecutable.ts';
import type { EngineInfo } from './types.ts';

/** How Trivy is run in a container: arguments for the engine, no I/O. */

/** An image of Trivy that is named so exactly that nobody can put another one in its place. */
export type PinnedImage =
  | {
      readonly ok: true;
      /** As it was written. */
      readonly name: string;
      /** With its registry and without the tag, which says nothing beside a digest: what engines are given. */
      readonly reference: string;
      readonly tag?: string;
      /** Where it is pulled from: `ghcr.io`, `docker.io` where the name has no host. */
      readonly registry: string;
      /** `sha256:` and 64 digits. */
      readonly digest: string;
    }
  | { readonly ok: false; readonly message: string };

const pinnedPattern = /^(.+?)(?::([^:/@]+))?@(sha256:[0-9a-f]{64})$/;

/** Judges the name of an image that is to be run; blanks around it don't matter. */
export function checkPinnedImage(text: string): PinnedImage {
  const name = text.trim();
  const checked = checkImageReference(name);
  if (!checked.ok) return checked;
  const [, repository, tag, digest] = pinnedPattern.exec(name) ?? [];
  if (checked.isId || repository === undefined || digest === undefined) {
    return {
      ok: false,
      message: /@/.test(name)
        ? 'The digest is sha256: and 64 hexadecimal digits in lower case.'
        : 'A digest is needed behind the name, name@sha256:…, so that it stays the image you have looked at.',
    };
  }
  const [host = ''] = repository.split('/', 1);
  const hasHost = repository.includes('/') && /[.:]|^localhost$/.test(host);
  // Podman takes no short names.
  const full = hasHost ? repository : `docker.io/${repository.includes('/') ? '' : 'library/'}${repository}`;
  return {
    ...{ ok: true, name, reference: `${full}@${digest}`, digest },
    ...(tag === undefined ? {} : { tag }),
    registry: hasHost ? host : 'docker.io',
  };
}

/** A file or folder of this machine inside the container. */
export interface Mount {
  /** Absolute, on this machine. */
  readonly source: string;
  /** Absolute, in the container. */
  readonly target: string;
  readonly isWritable: boolean;
}

/** Where things are in the container. */
export const containerPaths = {
  image: '/plimsoll/image',
  input: '/plimsoll/input',
  cache: '/plimsoll/cache',
  temporary: '/tmp',
} as const;

/** As whom the container runs. */
export type ContainerUser =
  /** The user of this machine under the same number. */
  | { readonly kind: 'same'; readonly uid: number; readonly gid: number }
  /** Root in the container, who is the user of this machine: an engine without root of its own. */
  | { readonly kind: 'mapped' }
  /** As the image says: machines without such numbers. */
  | { readonly kind: 'image' };

/** Asks the engine what `containerUser` reads. */
export const engineInfoArguments: readonly string[] = ['info', '--format', '{{json .}}'];

/**
 * Whose files the container can read and write.
 *
 * @param stdout what the engine says to `engineInfoArguments`
 */
export function containerUser(engine: EngineInfo['kind'], stdout: string, user: Machine['user']): ContainerUser {
  const info = asObject(tryParse(stdout));
  const host = asObject(info?.host);
  // Podman's virtual machine has users of its own.
  if (user === undefined || host?.serviceIsRemote === true) return { kind: 'image' };
  const isRootless =
    engine === 'podman'
      ? asObject(host?.security)?.rootless === true
      : asTexts(info?.SecurityOptions).some((option) => /\bname=rootless\b/.test(option));
  return isRootless ? { kind: 'mapped' } : { kind: 'same', ...user };
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export interface ContainerTask {
  /** For the engine, so that the container can be ended by it. */
  readonly name: string;
  /** With its digest. */
  readonly image: string;
  readonly command: readonly string[];
  readonly mounts: readonly Mount[];
  readonly network: boolean;
  /** Names of variables that are passed on; their values don't appear in arguments. */
  readonly environment: readonly string[];
  readonly user: ContainerUser;
}

/**
 * Makes the container without starting it. It may write to nothing but the writable mounts, has no capabilities and no
 * access to the engine, keeps no log, and is removed when it ends.
 */
export function createArguments(engine: EngineInfo['kind'], task: ContainerTask): string[] {
  return [
    ...['container', 'create', '--rm', '--name', task.name],
    // Only what was asked for may be pulled.
    '--pull=never',
    ...(task.network ? [] : ['--network=none']),
    ...['--read-only', '--cap-drop=ALL', '--security-opt=no-new-privileges'],
    // Labelling files for the container would change them, and some are the user's.
    '--security-opt=label=disable',
    '--log-driver=none',
    ...userArguments(engine, task.user),
    `--workdir=${task.mounts.some(({ target }) => target === containerPaths.temporary) ? containerPaths.temporary : '/'}`,
    ...task.mounts.map((mount) => `--mount=${mountOption(mount)}`),
    ...task.environment.flatMap((name) => ['--env', name]),
    ...['--env', `HOME=${containerPaths.temporary}`, '--env', `TMPDIR=${containerPaths.temporary}`],
    task.image,
    ...task.command,
  ];
}

function userArguments(engine: EngineInfo['kind'], user: ContainerUser): string[] {
  if (user.kind === 'image') return [];
  if (user.kind === 'mapped') return engine === 'podman' ? ['--userns=keep-id'] : ['--user=0:0'];
  return [`--user=${user.uid}:${user.gid}`];
}

/** Comma-separated values, where quotes around a field keep commas in it. */
function mountOption({ source, target, isWritable }: Mount): string {
  const fields = ['type=bind', `source=${source}`, `target=${target}`, ...(isWritable ? [] : ['readonly'])];
  return fields.map((field) => (/[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',');
}

/** `--attach` makes the client wait and pass on what Trivy writes. */
export function startArguments(name: string): string[] {
  return ['container', 'start', '--attach', name];
}

export function killArguments(name: string): string[] {
  return ['container', 'kill', name];
}

export function removeArguments(name: string): string[] {
  return ['container', 'rm', '--force', name];
}

/** No `--quiet`: what it prints shows that it goes on. */
export function pullArguments(reference: string): string[] {
  return ['image', 'pull', reference];
}

/** Variables of the user's that mean something in another place, too; those of Trivy that name files here don't. */
export function passedEnvironment(env: NodeJS.ProcessEnv, network: boolean): string[] {
  const proxies = /^(?:https?|no|all)_proxy$/i;
  const files =
    /^TRIVY_(?:CACHE_DIR|CONFIG|IGNOREFILE|IGNORE_POLICY|SECRET_CONFIG|CONFIG_CHECK|CONFIG_DATA|CONFIG_POLICY|MODULE_DIR|PLUGIN_DIR|VEX|CACERT|\w*(?:FILE|HOST|INPUT|SRC))$/;
  return Object.keys(env)
    .filter((name) => (network && proxies.test(name)) || (/^TRIVY_[A-Z0-9_]+$/.test(name) && !files.test(name)))
    .filter((name) => !ourVariables.includes(name) && env[name] !== undefined && env[name] !== '')
    .sort();
}
