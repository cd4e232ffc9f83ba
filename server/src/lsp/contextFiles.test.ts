import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildModel } from '../model/dockerfile.ts';
import { ContextFiles, findContextRoot, foldersUpTo, isWithin, openContextAt } from './contextFiles.ts';

describe('files of the build context', () => {
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'plimsoll-context-')));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function write(path: string, text = ''): string {
    const full = join(folder, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text);
    return full;
  }

  it('reads files and lists folders', () => {
    write('app/package.json', '{}');
    const files = new ContextFiles(folder);
    assert.equal(files.readFile('app/package.json'), '{}');
    assert.deepEqual(files.listDirectory(''), [{ name: 'app', isDirectory: true }]);
    assert.equal(files.readFile('app'), undefined);
    assert.equal(files.readFile('nothing'), undefined);
    assert.equal(files.listDirectory('app/package.json'), undefined);
  });

  it('never leaves its root', function () {
    if (process.platform === 'win32') this.skip();
    write('secret', 'x');
    write('root/own', 'y');
    symlinkSync(join(folder, 'secret'), join(folder, 'root/link'));
    symlinkSync(folder, join(folder, 'root/up'));
    symlinkSync(join(folder, 'root/own'), join(folder, 'root/inside'));
    const files = new ContextFiles(join(folder, 'root'));
    assert.equal(files.readFile('../secret'), undefined);
    assert.equal(files.readFile('link'), undefined);
    assert.equal(files.readFile('up/secret'), undefined);
    assert.equal(files.listDirectory('up'), undefined);
    assert.equal(files.listDirectory('..'), undefined);
    assert.equal(files.readFile('inside'), 'y');
    const names = openContextAt(join(folder, 'root'), join(folder, 'root/Dockerfile')).context.files;
    assert.deepEqual(names, ['inside', 'link', 'own', 'up'], 'a link to a folder is not entered');
  });

  it('gives up on a context that is too large', () => {
    for (const name of ['a', 'b', 'c']) write(`${name}/file`, 'x');
    const limits = { folders: 3, entriesPerFolder: 10, files: 2, bytesPerFile: 1 };
    const files = new ContextFiles(folder, limits);
    for (const name of ['', 'a', 'b']) assert.ok(files.listDirectory(name));
    assert.equal(files.isExhausted, false);
    assert.equal(files.listDirectory('c'), undefined);
    assert.equal(files.isExhausted, true);
    const crowded = new ContextFiles(folder, { ...limits, entriesPerFolder: 2 });
    crowded.listDirectory('');
    assert.equal(crowded.isExhausted, true);
    write('large', 'xx');
    assert.equal(new ContextFiles(folder, limits).readFile('large'), undefined);
  });

  it('knows what its answers depend on', () => {
    write('app/package.json', '{}');
    const { context, files } = openContextAt(folder, join(folder, 'Dockerfile'));
    context.has('app/package.json');
    assert.ok(files.hasConsulted(join(folder, 'app/package-lock.json')), 'a new file in a folder that was listed');
    assert.ok(files.hasConsulted(join(folder, '.dockerignore')));
    assert.ok(!files.hasConsulted(join(folder, 'other/file')));
  });

  it('finds the ignore file of a Dockerfile in a folder of its own', () => {
    write('docker/Dockerfile.dockerignore', 'a\n');
    write('a');
    write('b');
    const { context } = openContextAt(folder, join(folder, 'docker/Dockerfile'));
    assert.equal(context.ignoreFile, 'docker/Dockerfile.dockerignore');
    assert.equal(context.has('a'), false);
    assert.equal(context.has('b'), true);
  });

  describe('root', () => {
    const rootOf = (path: string, text: string): string | undefined =>
      findContextRoot(join(folder, path), buildModel(text), folder)?.slice(folder.length + 1);

    it('is the folder of the Dockerfile', () => {
      write('app/package.json');
      write('package.json');
      assert.equal(rootOf('app/Dockerfile', 'FROM a\nCOPY package.json .\n'), 'app');
      assert.equal(rootOf('app/Dockerfile', 'FROM a\nCOPY . .\n'), 'app');
      assert.equal(rootOf('app/Dockerfile', 'FROM a\n'), 'app');
    });

    it('is the folder above when that has what the file copies', () => {
      write('src/main.go');
      write('go.mod');
      assert.equal(rootOf('docker/app/Dockerfile', 'FROM a\nCOPY go.mod .\nCOPY src ./src\n'), '');
      assert.equal(
        rootOf('docker/Dockerfile', 'FROM a\nCOPY --from=x go.mod .\nADD https://a/b c\nCOPY *.go .\n'),
        'docker',
      );
    });

    it('is not known when nothing of it is there', () => {
      assert.equal(rootOf('docker/Dockerfile', 'FROM a\nCOPY target/app.jar /\n'), undefined);
    });

    it('is not looked for outside the workspace', () => {
      assert.deepEqual(foldersUpTo('/w/a/b', '/w'), ['/w/a/b', '/w/a', '/w']);
      assert.deepEqual(foldersUpTo('/x/a', '/w'), ['/x/a']);
      assert.ok(isWithin('/w', '/w/..a'));
      assert.ok(!isWithin('/w', '/wx'));
      assert.ok(!isWithin('/w/a', '/w'));
    });
  });
});
