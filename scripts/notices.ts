import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { root } from './root.ts';

interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

/** The licence texts of all packages of which code went into the bundles; most licences demand that they are passed on. */
export function thirdPartyNotices(metafiles: readonly Metafile[]): string {
  const inputs = metafiles.flatMap((metafile) =>
    Object.values(metafile.outputs).flatMap((output) =>
      Object.entries(output.inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
    ),
  );
  const folders = new Set(inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []));
  const notices = [...folders].map(notice).sort();
  return ['Plimsoll contains code of these packages.', ...new Set(notices)].join(`\n\n${'-'.repeat(80)}\n\n`);
}

function notice(folder: string): string {
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as PackageManifest;
  const file = readdirSync(join(root, folder)).find((name) => /^licen[cs]e/i.test(name));
  const text = file === undefined ? '' : `\n\n${readFileSync(join(root, folder, file), 'utf8').trim()}`;
  return `${manifest.name} ${manifest.version} (${manifest.license ?? 'licence not named'})${text}`;
}
