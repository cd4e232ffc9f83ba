import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ImageFacts, type LayerOrigin, readImageFacts } from '../../server/src/attribution/index.ts';
import { repositoryRoot } from '../helpers/repositoryRoot.ts';

const folder = join(repositoryRoot, 'test/fixtures/image-history');

/** An image that was really built. */
export interface RecordedImage {
  readonly name: string;
  readonly text: string;
  readonly config: unknown;
  readonly provenance: unknown;
  readonly target: string | undefined;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** From the bottom. */
  readonly layers: readonly { readonly diffId: string; readonly kind: string; readonly lines: readonly Lines[] }[];
}

export type Lines = readonly [number, number];

export function recordedImages(): RecordedImage[] {
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'expected.json')))
    .map(recordedImage);
}

export function recordedImage(name: string): RecordedImage {
  const expected = JSON.parse(recordedText(name, 'expected.json')) as {
    target: string | null;
    buildArgs: Record<string, string>;
    layers: RecordedImage['layers'];
  };
  return {
    name,
    text: recordedText(name, 'Dockerfile'),
    config: JSON.parse(recordedText(name, 'config.json')),
    provenance: existsSync(join(folder, name, 'provenance.json'))
      ? JSON.parse(recordedText(name, 'provenance.json'))
      : undefined,
    target: expected.target ?? undefined,
    buildArgs: expected.buildArgs,
    layers: expected.layers,
  };
}

export function recordedText(name: string, file: string): string {
  return readFileSync(join(folder, name, file), 'utf8');
}

export function linesOf(layer: LayerOrigin | undefined): Lines[] {
  return layer?.instructions.map((each) => each.lines) ?? [];
}

/** A history entry in short: text, comment, and whether it made no layer. */
export type Entry = string | { readonly by: string; readonly empty?: boolean; readonly comment?: string };

/** An image made up of a history; every entry that is not empty has a layer. */
export function imageOf(entries: readonly Entry[], others: Partial<ImageFacts> = {}): ImageFacts {
  const history = entries.map((entry) => {
    const { by, empty = false, comment } = typeof entry === 'string' ? { by: entry } : entry;
    return { created_by: by, empty_layer: empty, ...(comment === undefined ? {} : { comment }) };
  });
  const diffIds = history.filter((entry) => !entry.empty_layer).map((_, index) => `sha256:${index}`);
  return { ...readImageFacts({ history, rootfs: { diff_ids: diffIds } }), ...others };
}

/** The layers of a base image that ends, as most do, with its command. */
export const base: readonly Entry[] = [
  '/bin/sh -c #(nop) ADD file:a89bb9170b05d4672f5dff5c8ddfc0c4843b6ea6a5babf70d2a7285cb9c14044 in / ',
  { by: '/bin/sh -c #(nop)  CMD ["bash"]', empty: true },
];
