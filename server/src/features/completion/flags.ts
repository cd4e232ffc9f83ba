import type { Frontend } from '../../model/frontend.ts';
import type { Entry } from './entry.ts';

interface FlagInfo {
  readonly name: string;
  readonly description: string;
  /** Frontend version 1.x that has it; undefined for all. */
  readonly since?: number;
  /** Version 1.x from which on the labs channel has it. */
  readonly labs?: number;
  /** Stands alone. */
  readonly isSwitch?: boolean;
  readonly isRepeatable?: boolean;
}

const chown: FlagInfo = {
  name: 'chown',
  description: 'Owner of what is copied, as `user:group`; root when left out. Names must exist in the image.',
};
const chmod: FlagInfo = {
  name: 'chmod',
  description: 'Permissions of what is copied, as `644` or `u=rwX,go=rX`.',
  since: 2,
};
const link: FlagInfo = {
  name: 'link',
  description: 'Makes the layer independent of the ones below, so that it stays valid when they change.',
  since: 4,
  isSwitch: true,
};
const exclude: FlagInfo = {
  name: 'exclude',
  description: 'A pattern of paths to leave out.',
  since: 19,
  labs: 7,
  isRepeatable: true,
};

const flags: Readonly<Record<string, readonly FlagInfo[]>> = {
  FROM: [
    {
      name: 'platform',
      description: 'Platform of the base image: `$BUILDPLATFORM` for a stage that runs on the building machine.',
    },
  ],
  COPY: [
    { name: 'from', description: 'Copies from a stage above, or from an image, instead of the build context.' },
    chown,
    chmod,
    link,
    { name: 'parents', description: 'Keeps the folders of the sources.', since: 20, labs: 7, isSwitch: true },
    exclude,
  ],
  ADD: [
    chown,
    chmod,
    link,
    {
      name: 'checksum',
      description: 'What the fetched file must be: `sha256:…`. The build fails if it is not.',
      since: 6,
    },
    { name: 'keep-git-dir', description: 'Keeps `.git` of a repository that is added.', since: 1, isSwitch: true },
    { name: 'unpack', description: 'Whether an archive is unpacked: `true` or `false`.', since: 17, isSwitch: true },
    exclude,
  ],
  RUN: [
    {
      name: 'mount',
      description: 'A cache, a secret, an SSH agent or files of another place, there for this RUN only.',
      since: 2,
      isRepeatable: true,
    },
    { name: 'network', description: 'Which network the command has: `none`, `host` or `default`.', since: 3 },
    {
      name: 'security',
      description: '`insecure` runs it without a sandbox; the builder must allow that.',
      since: 20,
      labs: 3,
    },
    {
      name: 'device',
      description: 'A device of the builder, by its CDI name.',
      since: Infinity,
      labs: 14,
      isRepeatable: true,
    },
  ],
  HEALTHCHECK: [
    { name: 'interval', description: 'Time between two checks; `30s` when left out.' },
    { name: 'timeout', description: 'Time after which a check has failed; `30s` when left out.' },
    { name: 'start-period', description: 'Time to start, in which failures do not count; `0s` when left out.' },
    { name: 'start-interval', description: 'Time between two checks while starting; `5s` when left out.' },
    { name: 'retries', description: 'Failures in a row that make it unhealthy; `3` when left out.' },
  ],
};

/** Flags that the instruction may have here, the given ones left out unless they may be repeated. */
export function flagEntries(keyword: string, given: readonly string[], frontend: Frontend): Entry[] {
  const names = given.map((flag) => /^--([^=]*)/.exec(flag)?.[1]);
  return (flags[keyword] ?? [])
    .filter((flag) => isKnownTo(frontend, flag) && (flag.isRepeatable || !names.includes(flag.name)))
    .map(({ name, description, isSwitch }): Entry => {
      const label = isSwitch ? `--${name}` : `--${name}=`;
      return {
        kind: 'flag',
        label,
        documentation: description,
        text: isSwitch ? `${label} ` : label,
        goesOn: !isSwitch,
      };
    });
}

function isKnownTo(frontend: Frontend, { since, labs }: FlagInfo): boolean {
  if (labs !== undefined && frontend.isLabs && frontend.has(1, labs) !== false) return true;
  return since === undefined || (since !== Infinity && frontend.has(1, since) !== false);
}

const durations = ['10s', '30s', '1m', '5m'];

/** Values that need nothing but a list. */
const fixedValues: Readonly<Record<string, readonly (readonly [value: string, detail?: string])[]>> = {
  'FROM platform': [
    ['$BUILDPLATFORM', 'the building machine'],
    ['$TARGETPLATFORM', 'what the image is for'],
    ['linux/amd64'],
    ['linux/arm64'],
    ['linux/arm/v7'],
    ['linux/386'],
    ['linux/ppc64le'],
    ['linux/riscv64'],
    ['linux/s390x'],
    ['windows/amd64'],
  ],
  'RUN network': [
    ['none', 'no network'],
    ['default', 'the builder’s'],
    ['host', 'the host’s; the builder must allow it'],
  ],
  'RUN security': [
    ['sandbox', 'the default'],
    ['insecure', 'without a sandbox; the builder must allow it'],
  ],
  ' chmod': [
    ['644', 'files to read'],
    ['755', 'programs and folders'],
    ['600', 'for the owner alone'],
    ['u=rwX,go=rX', 'as 755 for folders and programs, 644 for files'],
  ],
  ' link': [['true'], ['false']],
  'ADD unpack': [['true'], ['false']],
  'ADD keep-git-dir': [['true'], ['false']],
  'ADD checksum': [['sha256:']],
  'HEALTHCHECK interval': durations.map((value) => [value] as const),
  'HEALTHCHECK timeout': ['3s', '5s', '10s', '30s'].map((value) => [value] as const),
  'HEALTHCHECK start-period': ['10s', '30s', '1m', '2m'].map((value) => [value] as const),
  'HEALTHCHECK start-interval': ['1s', '2s', '5s'].map((value) => [value] as const),
  'HEALTHCHECK retries': ['3', '5'].map((value) => [value] as const),
};

/** Values of a flag that do not depend on the file; empty for others. */
export function fixedValueEntries(keyword: string, flag: string): Entry[] {
  const values = fixedValues[`${keyword} ${flag}`] ?? fixedValues[` ${flag}`] ?? [];
  return values.map(([label, detail]) => ({ kind: 'value', label, detail }));
}
