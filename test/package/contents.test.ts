import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../helpers/repositoryRoot.ts';

describe('the packaged extension', function () {
  this.timeout(60_000);
  let files: string[];

  before(() => {
    const vsce = join(repositoryRoot, 'node_modules/@vscode/vsce/vsce');
    const list = execFileSync(process.execPath, [vsce, 'ls', '--no-dependencies'], {
      cwd: repositoryRoot,
      encoding: 'utf8',
    });
    files = list.split('\n').filter((line) => line !== '');
  });

  it('has the bundles and no modules, sources or tests', () => {
    const wanted = ['dist/client/extension.cjs', 'dist/client/panel.js', 'dist/server/server.cjs', 'LICENSE', 'NOTICE'];
    assert.deepEqual(
      wanted.filter((file) => !files.includes(file)),
      [],
    );
    const folders = new Set(files.map((file) => file.split('/').slice(0, -1).join('/').split('/')[0]));
    assert.deepEqual(
      [...folders].filter((folder) => !['', 'dist', 'docs', 'media', 'syntaxes'].includes(folder!)),
      [],
    );
    assert.deepEqual(
      files.filter((file) => /node_modules|\.ts$|\.map$|(^|\/)test\//.test(file)),
      [],
    );
  });

  it('has the licences of the packages in its bundles', () => {
    assert.ok(files.includes('dist/THIRD-PARTY-NOTICES.txt'));
    const notices = readFileSync(join(repositoryRoot, 'dist/THIRD-PARTY-NOTICES.txt'), 'utf8');
    for (const name of ['vscode-languageclient', 'vscode-languageserver', 'dockerfile-ast', 'unbash']) {
      assert.match(notices, new RegExp(`^${name} \\d[^]*?(Permission|Licensed|Redistribution)`, 'm'));
    }
  });

  it('has every file its manifest names', () => {
    const manifest: unknown = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8'));
    const named = filesNamedIn(manifest).filter((file) => !file.startsWith('dist/cli/'));
    assert.ok(named.length > 3);
    assert.deepEqual(
      named.filter((file) => !files.includes(file)),
      [],
    );
  });
});

/** All strings in the manifest that are paths of files in our shipped folders. */
function filesNamedIn(value: unknown): string[] {
  if (typeof value === 'string') {
    const path = value.replace(/^\.\//, '');
    return /^(dist|docs|media|syntaxes)\/[\w./-]+\.\w+$/.test(path) || path === 'language-configuration.json'
      ? [path]
      : [];
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(filesNamedIn) : [];
}
