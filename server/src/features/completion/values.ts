import { platformArgs } from '../../model/environment.ts';
import type { Dockerfile } from '../../model/dockerfile.ts';
import type { Stage } from '../../model/stage.ts';
import type { Entry } from './entry.ts';

const signals: readonly (readonly [name: string, detail: string])[] = [
  ['SIGTERM', 'the default'],
  ['SIGINT', 'as Ctrl-C'],
  ['SIGQUIT', 'nginx, php-fpm: ends in an orderly way'],
  ['SIGHUP', 'often reads the configuration again'],
  ['SIGUSR1', ''],
  ['SIGUSR2', ''],
  ['SIGWINCH', 'httpd: ends in an orderly way'],
  ['SIGRTMIN+3', 'systemd: halts'],
  ['SIGKILL', 'ends at once, without cleaning up'],
];

export function signalEntries(): Entry[] {
  return signals.map(([label, detail]) => ({ kind: 'value', label, detail }));
}

const labels: readonly (readonly [key: string, detail: string])[] = [
  ['title', 'name for people'],
  ['description', 'what it is for'],
  ['source', 'where the source code is'],
  ['url', 'where more is told'],
  ['documentation', 'where its documentation is'],
  ['version', 'version of the software'],
  ['revision', 'commit of the source code'],
  ['created', 'when it was built'],
  ['authors', 'whom to ask'],
  ['vendor', 'who publishes it'],
  ['licenses', 'SPDX expression'],
  ['base.name', 'the image it is built on'],
  ['base.digest', 'digest of that image'],
];

/** Keys that the OCI defines. */
export function labelEntries(): Entry[] {
  return labels.map(([key, detail]) => ({
    kind: 'value',
    label: `org.opencontainers.image.${key}`,
    detail,
    text: `org.opencontainers.image.${key}=`,
  }));
}

/** Ports that the base image's software listens on. */
export function portEntries(stage: Stage | undefined): Entry[] {
  const { facts } = stage?.rootBase ?? {};
  return (facts?.ports ?? []).map((port) => ({
    kind: 'value',
    label: `${port}`,
    detail: `a port of ${facts!.repository}`,
  }));
}

export function shellEntries(stage: Stage | undefined): Entry[] {
  const isWindows = stage?.shellAt('end').dialect === 'cmd';
  const posix = [
    '["/bin/bash", "-o", "pipefail", "-c"]',
    '["/bin/sh", "-ec"]',
    '["/bin/ash", "-eo", "pipefail", "-c"]',
  ];
  const windows = [
    `["powershell", "-Command", "$ErrorActionPreference = 'Stop'; $ProgressPreference = 'SilentlyContinue';"]`,
    '["cmd", "/S", "/C"]',
  ];
  return (isWindows ? windows : posix).map((label) => ({ kind: 'value', label }));
}

/** Names for ARG: those declared in front of the first FROM, which a stage has to ask for, and those of the builder. */
export function argumentEntries(dockerfile: Dockerfile, stage: Stage | undefined): Entry[] {
  if (!stage) return [];
  const globals = dockerfile.globalEnvironment.variables.map(
    ({ name, value }): Entry => ({
      kind: 'variable',
      label: name,
      detail: value === undefined ? 'declared above the first FROM' : `declared above the first FROM: ${value}`,
    }),
  );
  const platform = [...platformArgs]
    .filter((name) => !globals.some(({ label }) => label === name))
    .map((label): Entry => ({ kind: 'variable', label, detail: 'set by the builder' }));
  // What the image is for is asked more often than where it is built.
  const rank = ({ label }: Entry): number => (label.startsWith('TARGET') ? 0 : 100) + label.length;
  return [...globals, ...platform.sort((a, b) => rank(a) - rank(b))];
}
