import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repositoryRoot } from './repositoryRoot.ts';
import type { ConstructedImage } from './constructedScan.ts';

export interface FakeDocker {
  /** The executable, called `docker`. */
  readonly path: string;
  /** Arguments of each call. */
  calls(): string[][];
  /** Names of the containers that are there. */
  containers(): string[];
}

/**
 * Puts the stand-in as an executable into a folder of its own. POSIX only.
 *
 * @param saved what `docker save` writes of the image
 * @param trivy the program that stands for Trivy in a container
 */
export function installFakeDocker(
  folder: string,
  image: ConstructedImage,
  { saved, trivy }: { readonly saved?: Buffer; readonly trivy?: string } = {},
): FakeDocker {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'docker');
  const controlFile = join(folder, 'docker.json');
  const record = join(folder, 'docker-calls.jsonl');
  const savedFile = join(folder, 'saved.tar');
  const state = join(folder, 'docker-state');
  if (saved) writeFileSync(savedFile, saved);
  const script = pathToFileURL(join(repositoryRoot, 'test/helpers/fakeDocker.mjs')).href;
  writeFileSync(controlFile, JSON.stringify({ ...image.docker, record, saved: savedFile, state, trivy }));
  writeFileSync(
    path,
    `#!${process.execPath}\nprocess.env.FAKE_DOCKER_CONTROL ??= ${JSON.stringify(controlFile)};\nimport(${JSON.stringify(script)});\n`,
  );
  chmodSync(path, 0o755);
  const lines = () => (existsSync(record) ? readFileSync(record, 'utf8').trim().split('\n') : []);
  return {
    path,
    calls: () => lines().map((line) => (JSON.parse(line) as { argv: string[] }).argv),
    containers: () => (existsSync(state) ? readdirSync(state).filter((name) => name !== 'pulled') : []),
  };
}
