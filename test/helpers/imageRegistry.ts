import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

/** A registry on this machine's loopback, which engines pull from without TLS, with one image in it. */
export interface ImageRegistry {
  /** `127.0.0.1:PORT`. */
  readonly address: string;
  /** The image by its digest. */
  readonly image: string;
  /** The same with a digest that nothing has. */
  readonly missing: string;
  stop(): void;
}

const manifestType = 'application/vnd.docker.distribution.manifest.v2+json';

/**
 * Serves an image.
 *
 * @param root folder with the files of the image
 * @param entrypoint the program that it runs
 */
export async function startImageRegistry(root: string, entrypoint: readonly string[]): Promise<ImageRegistry> {
  const archive = execFileSync('tar', ['--directory', root, '--owner=0', '--group=0', '--create', '.'], {
    maxBuffer: 64 * 1024 * 1024,
  });
  const layer = gzipSync(archive);
  const config = Buffer.from(
    JSON.stringify({
      ...{ architecture: process.arch === 'arm64' ? 'arm64' : 'amd64', os: 'linux' },
      config: { Entrypoint: entrypoint, Env: ['PATH=/bin'] },
      rootfs: { type: 'layers', diff_ids: [digestOf(archive)] },
      history: [{ created: '2026-01-01T00:00:00Z', created_by: 'made for a test' }],
    }),
  );
  const described = (mediaType: string, blob: Buffer) => ({ mediaType, size: blob.length, digest: digestOf(blob) });
  const manifest = Buffer.from(
    JSON.stringify({
      ...{ schemaVersion: 2, mediaType: manifestType },
      config: described('application/vnd.docker.container.image.v1+json', config),
      layers: [described('application/vnd.docker.image.rootfs.diff.tar.gzip', layer)],
    }),
  );
  const blobs = new Map([manifest, config, layer].map((blob) => [digestOf(blob), blob]));
  const server = createServer((request, response) => {
    const digest = /\/(?:manifests|blobs)\/(sha256:[0-9a-f]{64})$/.exec(request.url ?? '')?.[1];
    const blob = blobs.get(digest ?? '');
    if (request.url === '/v2/') response.end('{}');
    else if (!blob)
      response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}');
    else {
      response.writeHead(200, {
        'content-type': blob === manifest ? manifestType : 'application/octet-stream',
        'content-length': blob.length,
        'docker-content-digest': digest,
      });
      response.end(request.method === 'HEAD' ? undefined : blob);
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  server.unref();
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    address,
    image: `${address}/scanners/trivy@${digestOf(manifest)}`,
    missing: `${address}/scanners/trivy@sha256:${'0'.repeat(64)}`,
    stop: () => server.close(),
  };
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
