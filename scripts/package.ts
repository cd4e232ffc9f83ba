import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildBundles } from './build.ts';
import { root } from './root.ts';

/** Packs what is in dist/ and the other shipped files into one VSIX for all platforms; returns its path. */
export function packageVsix(file: string): string {
  const vsce = join(root, 'node_modules/@vscode/vsce/vsce');
  const args = [
    'package',
    '--no-dependencies',
    '--allow-missing-repository',
    '--no-rewrite-relative-links',
    '--out',
    file,
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, [vsce, ...args], { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`vsce could not package the extension:\n${stdout}${stderr}`);
  return file;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildBundles({ minify: true });
  console.log(packageVsix(join(root, 'plimsoll.vsix')));
}
