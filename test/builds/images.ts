import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ContainerEngine } from '../helpers/containerEngine.ts';
import { repositoryRoot } from '../helpers/repositoryRoot.ts';
import { debianArchives } from './debian.ts';
import type { Engine } from './engine.ts';

/**
 * Stand-ins under the names that the rules look at, with the users and tools that matter to them. Each is made by the
 * Dockerfile of its folder in `images/`; the order counts.
 */
const standIns: readonly {
  readonly folder: string;
  readonly from: 'busybox' | 'debian' | 'python';
  readonly tags: readonly string[];
}[] = [
  { folder: 'alpine', from: 'busybox', tags: ['alpine:3.22', 'alpine:latest'] },
  { folder: 'nginx', from: 'busybox', tags: ['nginx:1.28-alpine'] },
  {
    folder: 'nginx-unprivileged',
    from: 'busybox',
    tags: ['nginxinc/nginx-unprivileged:stable', 'nginxinc/nginx-unprivileged:1.28-alpine'],
  },
  { folder: 'rocky', from: 'busybox', tags: ['rockylinux:9'] },
  {
    folder: 'distroless',
    from: 'busybox',
    tags: ['static', 'base', 'cc'].map((name) => `gcr.io/distroless/${name}-debian13:nonroot`),
  },
  { folder: 'temurin-jre', from: 'busybox', tags: ['eclipse-temurin:21-jre'] },
  { folder: 'maven', from: 'busybox', tags: ['maven:3.9-eclipse-temurin-21'] },
  { folder: 'dotnet-aspnet', from: 'busybox', tags: ['mcr.microsoft.com/dotnet/aspnet:8.0'] },
  { folder: 'dotnet-sdk', from: 'busybox', tags: ['mcr.microsoft.com/dotnet/sdk:8.0'] },
  { folder: 'rust', from: 'busybox', tags: ['rust:1'] },
  { folder: 'composer', from: 'busybox', tags: ['composer:2'] },
  { folder: 'php', from: 'busybox', tags: ['php:8.4-cli-alpine'] },
  { folder: 'miniconda', from: 'busybox', tags: ['continuumio/miniconda3:25.3.1-1'] },
  { folder: 'ruby', from: 'busybox', tags: ['ruby:3.4-alpine'] },
  { folder: 'debian', from: 'debian', tags: ['debian:12', 'debian:12-slim', 'debian:bookworm-slim', 'debian:13'] },
  { folder: 'node-slim', from: 'debian', tags: ['node:24-slim', 'node:24-bookworm-slim'] },
  { folder: 'node', from: 'debian', tags: ['node:24', 'node:24-bookworm'] },
  { folder: 'golang', from: 'debian', tags: ['golang:1.26', 'golang:1.26-bookworm'] },
  { folder: 'python', from: 'python', tags: ['python:3.12', 'python:3.12-slim', 'python:3.12-slim-bookworm'] },
];

/** Base images that the cases can build on. */
export interface BaseImages {
  /** Why a Dockerfile can't be built; undefined when it can. */
  missing(dockerfile: string): string | undefined;
}

/** Makes all base images that can be made here. Throws when one of them can't be built although its archive is there. */
export async function makeImages(engine: Engine, container: ContainerEngine, registry: string): Promise<BaseImages> {
  const { archives, missing } = await debianArchives();
  const importOption = container.kind === 'docker' ? '-c' : '--change';
  for (const [name, archive] of Object.entries(archives)) {
    await container.run('import', importOption, 'CMD ["bash"]', archive, `${name}:archive`);
  }
  for (const { folder, from, tags } of standIns) {
    if (from !== 'busybox' && !(from in archives)) continue;
    const context = mkdtempSync(join(tmpdir(), 'plimsoll-image-'));
    try {
      cpSync(join(repositoryRoot, 'test/builds/images', folder), context, { recursive: true });
      if (folder === 'node-slim') copyNode(join(context, 'node'));
      const dockerfile = join(context, 'Dockerfile');
      const { isDone, log } = await engine.build({
        tag: tags[0]!,
        dockerfile,
        context,
        buildArgs: { REGISTRY: registry },
      });
      if (!isDone) throw new Error(`${folder} could not be built:\n${log}`);
    } finally {
      rmSync(context, { recursive: true, force: true });
    }
    for (const tag of tags.slice(1)) await container.run('tag', tags[0]!, tag);
  }
  const absent = new Set(
    standIns.filter(({ from }) => from !== 'busybox' && !(from in archives)).flatMap(({ tags }) => tags),
  );
  return {
    missing(dockerfile) {
      const bases = [...dockerfile.matchAll(/^\s*FROM\s+(?:--\S+\s+)*(\S+)/gim)].map((match) => match[1]!);
      const lacking = bases.find((base) => absent.has(base));
      return lacking && `there is no stand-in for ${lacking}: ${missing}`;
    },
  };
}

/** The Node that runs this, with its npm. */
function copyNode(folder: string): void {
  const node = realpathSync(process.execPath);
  const modules = join(dirname(node), '../lib/node_modules/npm');
  mkdirSync(join(folder, 'bin'), { recursive: true });
  cpSync(node, join(folder, 'bin/node'));
  chmodSync(join(folder, 'bin/node'), 0o755);
  if (existsSync(modules)) cpSync(modules, join(folder, 'lib/node_modules/npm'), { recursive: true });
}
