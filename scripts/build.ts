import { chmodSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { thirdPartyNotices } from './notices.ts';
import { root } from './root.ts';

const browser: BuildOptions = { platform: 'browser', format: 'iife', target: 'es2022' };

/** The bundles that ship, by the entry point each is made from. */
const bundles: readonly BuildOptions[] = [
  { entryPoints: ['client/src/extension.ts'], outfile: 'dist/client/extension.cjs', external: ['vscode'] },
  { entryPoints: ['server/src/lsp/server.ts'], outfile: 'dist/server/server.cjs', banner: shebang() },
  { entryPoints: ['server/src/cli/main.ts'], outfile: 'dist/cli/cli.cjs', banner: shebang() },
  { ...browser, entryPoints: ['client/src/panel/view/main.ts'], outfile: 'dist/client/panel.js' },
  {
    ...browser,
    entryPoints: ['client/src/extension.web.ts'],
    outfile: 'dist/client/extension.web.cjs',
    format: 'cjs',
    external: ['vscode'],
  },
  {
    ...browser,
    entryPoints: ['server/src/lsp/server.web.ts'],
    outfile: 'dist/server/server.web.js',
    inject: ['server/src/lsp/browserBuffer.ts'],
  },
];

/** Bundles everything that ships into dist/. Throws when an entry point does not compile. */
export async function buildBundles({ minify = false } = {}): Promise<void> {
  const metafiles: Metafile[] = [];
  for (const bundle of bundles) {
    const { metafile } = await bundleInto({ ...bundle, minify });
    metafiles.push(metafile);
    const outfile = join(root, bundle.outfile!);
    if (bundle.banner) chmodSync(outfile, 0o755);
    console.log(`build: ${relative(root, outfile)} ${Math.ceil(statSync(outfile).size / 1024)} kB`);
  }
  writeFileSync(join(root, 'dist/THIRD-PARTY-NOTICES.txt'), thirdPartyNotices(metafiles));
}

function bundleInto(options: BuildOptions) {
  return build({
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'warning',
    ...options,
    metafile: true,
  });
}

function shebang() {
  return { js: '#!/usr/bin/env node' };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildBundles({ minify: process.argv.includes('--minify') });
}
