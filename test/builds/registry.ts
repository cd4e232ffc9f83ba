import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { repositoryRoot } from '../helpers/repositoryRoot.ts';

/** A package registry for npm on this machine's loopback, so that npm is real and nothing leaves the machine. */
export interface Registry {
  readonly url: string;
  stop(): void;
}

/** Serves the packages in `packages/`, one version each. */
export async function startRegistry(): Promise<Registry> {
  const folder = join(repositoryRoot, 'test/builds/packages');
  const archives = new Map(readdirSync(folder).map((name) => [name, pack(join(folder, name))]));
  const server = createServer((request, response) => {
    const [, name = '', , file] = (request.url ?? '').split('/');
    const archive = archives.get(name);
    if (!archive) response.writeHead(404).end('{}');
    else if (file?.endsWith('.tgz')) response.end(archive);
    else response.end(JSON.stringify(describe(name, folder, url, archive)));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.unref();
  return { url, stop: () => server.close() };
}

function describe(name: string, folder: string, url: string, archive: Buffer): unknown {
  const manifest = JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')) as { version: string };
  const integrity = `sha512-${createHash('sha512').update(archive).digest('base64')}`;
  const dist = { tarball: `${url}/${name}/-/${name}-${manifest.version}.tgz`, integrity };
  return { name, 'dist-tags': { latest: manifest.version }, versions: { [manifest.version]: { ...manifest, dist } } };
}

/** The archive of a package; the same bytes every time. */
function pack(source: string): Buffer {
  const work = mkdtempSync(join(tmpdir(), 'plimsoll-package-'));
  try {
    cpSync(source, join(work, 'package'), { recursive: true });
    const fixed = ['--sort=name', '--mtime=@1', '--owner=0', '--group=0', '--numeric-owner', '--mode=u=rwX,go=rX'];
    const archive = execFileSync('tar', ['--directory', work, '--format=ustar', ...fixed, '--create', 'package']);
    // Not compressed, for compressors differ, and lock files hold a hash of it.
    return gzipSync(archive, { level: 0 });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
