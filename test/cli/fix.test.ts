import assert from 'node:assert/strict';
import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Folder, plimsoll } from './run.ts';

const bad = 'FROM debian:13\nUSER app\nRUN apt-get install curl\n';
const good = bad.replace('install', 'install -y');
const only = ['--rule', 'apt-get-without-yes'];

describe('plimsoll fix', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = new Folder();
  });
  afterEach(() => folder.remove());

  it('rewrites the file in place and says what it did', () => {
    const path = folder.write('Dockerfile', bad);
    chmodSync(path, 0o640);
    const { code, stdout, stderr } = plimsoll(['fix', ...only, 'Dockerfile'], { cwd: folder.path });
    assert.equal(code, 0);
    assert.equal(stdout, '');
    assert.equal(stderr, 'Dockerfile: fixed apt-get-without-yes\n');
    assert.equal(readFileSync(path, 'utf8'), good);
    assert.equal(statSync(path).mode & 0o777, 0o640);
    assert.deepEqual(readdirSync(folder.path), ['Dockerfile'], 'nothing is left behind');
  });

  it('keeps the byte order mark and CRLF', () => {
    const path = folder.write('Dockerfile', `\uFEFF${bad.replaceAll('\n', '\r\n')}`);
    plimsoll(['fix', ...only, path]);
    assert.equal(readFileSync(path, 'utf8'), `\uFEFF${good.replaceAll('\n', '\r\n')}`);
  });

  it('does not touch a file without anything to fix', () => {
    const path = folder.write('Dockerfile', good);
    const before = statSync(path).mtimeMs;
    assert.equal(plimsoll(['fix', ...only, path]).code, 0);
    assert.equal(statSync(path).mtimeMs, before);
  });

  it('writes through a symbolic link', function () {
    if (process.platform === 'win32') this.skip();
    const path = folder.write('real/Dockerfile', bad);
    symlinkSync(path, join(folder.path, 'Dockerfile'));
    plimsoll(['fix', ...only, 'Dockerfile'], { cwd: folder.path });
    assert.ok(lstatSync(join(folder.path, 'Dockerfile')).isSymbolicLink());
    assert.equal(readFileSync(path, 'utf8'), good);
  });

  it('prints the text with --stdout, and what comes from standard input', () => {
    const path = folder.write('Dockerfile', bad);
    assert.equal(plimsoll(['fix', ...only, '--stdout', path]).stdout, good);
    assert.equal(readFileSync(path, 'utf8'), bad);
    assert.equal(plimsoll(['fix', ...only, '-'], { stdin: bad }).stdout, good);
  });

  it('prints a unified diff with --diff', () => {
    folder.write('app/Dockerfile', bad);
    const { stdout, code } = plimsoll(['fix', ...only, '--diff', 'app/Dockerfile'], { cwd: folder.path });
    assert.equal(
      stdout,
      [
        '--- a/app/Dockerfile',
        '+++ b/app/Dockerfile',
        '@@ -1,3 +1,3 @@',
        ' FROM debian:13',
        ' USER app',
        '-RUN apt-get install curl',
        '+RUN apt-get install -y curl',
        '',
      ].join('\n'),
    );
    assert.equal(code, 0);
    assert.equal(readFileSync(join(folder.path, 'app/Dockerfile'), 'utf8'), bad);
  });

  it('applies suggestions only when asked to', () => {
    const text = 'FROM node:24\nCMD ["node", "server.js"]\n';
    const path = folder.write('Dockerfile', text);
    plimsoll(['fix', '--rule', 'root-user', path]);
    assert.equal(readFileSync(path, 'utf8'), text);
    plimsoll(['fix', '--rule', 'root-user', '--suggestions', path]);
    assert.match(readFileSync(path, 'utf8'), /\nUSER node\n/);
  });

  it('repairs the other files when one can not be read', () => {
    const path = folder.write('Dockerfile', bad);
    folder.write('latin1', new Uint8Array([0x46, 0xe9]));
    const { code, stderr } = plimsoll(['fix', ...only, 'missing', 'latin1', 'Dockerfile'], { cwd: folder.path });
    assert.equal(code, 2);
    assert.match(stderr, /missing: there is no such file/);
    assert.match(stderr, /latin1: it can't be read: it is not valid UTF-8/);
    assert.equal(readFileSync(path, 'utf8'), good);
  });

  it('refuses what is no Dockerfile', () => {
    const { code, stderr } = plimsoll(['fix', '-'], { stdin: '\u0000\u0001' });
    assert.equal(code, 2);
    assert.match(stderr, /not a text file/);
  });

  it('is 2 for bad usage', () => {
    assert.equal(plimsoll(['fix']).code, 2);
    assert.equal(plimsoll(['fix', '--diff', '--stdout', 'Dockerfile']).code, 2);
  });
});
