import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { repositoryRoot as root } from '../helpers/repositoryRoot.ts';

/** The folders of server/src, each of which may import only itself and the ones before it. */
const serverFolders = [
  'text',
  'syntax',
  'facts',
  'model',
  'lint',
  'rules',
  'scan',
  'report',
  'features',
  'attribution',
  'engine',
  'lsp',
  'cli',
] as const;

/** The only folders that may import these packages. */
const doors: readonly { packages: RegExp; folders: readonly string[] }[] = [
  { packages: /^(vscode|vscode-.*)$/, folders: ['server/src/lsp', 'client/src'] },
  { packages: /^(dockerfile-ast|unbash)$/, folders: ['server/src/syntax'] },
];

interface Import {
  /** The importing file, relative to the repository, with forward slashes. */
  readonly file: string;
  readonly specifier: string;
  readonly typeOnly: boolean;
}

describe('architecture', () => {
  const imports = ['server/src', 'client/src'].flatMap(importsUnder);
  const server = imports.filter(({ file }) => file.startsWith('server/src/'));

  it('has only known folders in server/src', () => {
    const folders = readdirSync(join(root, 'server/src'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    assert.deepEqual(
      folders.filter((folder) => !isServerFolder(folder)),
      [],
    );
  });

  it('imports only towards the text', () => {
    const wrong = server.filter((item) => {
      const target = targetOf(item);
      if (!target) return false;
      return !target.startsWith('server/src/') || rank(target) > rank(item.file);
    });
    assertNone(wrong);
  });

  it('lets packages in through one door each', () => {
    const wrong = imports.filter(({ file, specifier }) =>
      doors.some(
        ({ packages, folders }) =>
          packages.test(packageOf(specifier)) && !folders.some((folder) => file.startsWith(`${folder}/`)),
      ),
    );
    assertNone(wrong);
  });

  it('keeps Node out of everything but the adapters', () => {
    const wrong = server.filter(
      ({ file, specifier }) => specifier.startsWith('node:') && !/^server\/src\/(engine|lsp|cli)\//.test(file),
    );
    assertNone(wrong);
  });

  it('keeps the LSP and CLI adapters out of the client, types aside', () => {
    const wrong = imports.filter(
      (item) =>
        item.file.startsWith('client/') && !item.typeOnly && /^server\/src\/(lsp|cli)\//.test(targetOf(item) ?? ''),
    );
    assertNone(wrong);
  });

  it('keeps the editor and Node out of the panel that runs in the webview', () => {
    const wrong = imports.filter(
      ({ file, specifier }) =>
        file.startsWith('client/src/panel/view/') && /^(node:|vscode$|vscode-language)/.test(specifier),
    );
    assertNone(wrong);
  });
});

/** All imports of the sources under a folder. Tests may import what they need and are left out. */
function importsUnder(folder: string): Import[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => posix.join(folder, file.replaceAll('\\', '/')))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap((file) => importsOf(file, readFileSync(join(root, file), 'utf8')));
}

function importsOf(file: string, text: string): Import[] {
  const statements = text.matchAll(/^\s*(?:import|export)\s+(type\s)?[^'"`;]*?from\s+'([^']+)'/gm);
  const bare = text.matchAll(/^\s*import\s+'([^']+)'/gm);
  const dynamic = text.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g);
  return [
    ...[...statements].map(([, type, specifier]) => ({ file, specifier: specifier!, typeOnly: type !== undefined })),
    ...[...bare, ...dynamic].map(([, specifier]) => ({ file, specifier: specifier!, typeOnly: false })),
  ];
}

/** The file a relative import leads to, or undefined for a package. */
function targetOf({ file, specifier }: Import): string | undefined {
  return specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : undefined;
}

function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]!;
}

function rank(file: string): number {
  return (serverFolders as readonly string[]).indexOf(file.split('/')[2]!);
}

function isServerFolder(name: string): boolean {
  return (serverFolders as readonly string[]).includes(name);
}

function assertNone(imports: readonly Import[]): void {
  assert.deepEqual(
    imports.map(({ file, specifier }) => `${file} imports ${specifier}`),
    [],
  );
}
