import assert from 'node:assert/strict';
import { join } from 'node:path';
import { repositoryRoot } from '../../../test/helpers/repositoryRoot.ts';
import { findExecutable, type Machine, thisMachine } from './findExecutable.ts';

function machine(files: readonly string[], others: Partial<Machine> = {}): Machine {
  return {
    platform: 'linux',
    env: { PATH: '/first:relative::/second' },
    home: '/home/me',
    isExecutable: async (path) => files.includes(path),
    ...others,
  };
}

async function pathOf(...args: Parameters<typeof findExecutable>): Promise<string | undefined> {
  const search = await findExecutable(...args);
  return search.found ? search.path : undefined;
}

describe('findExecutable', () => {
  it('looks into PATH in its order, at absolute folders only', async () => {
    assert.equal(await pathOf('trivy', undefined, machine(['/second/trivy', 'relative/trivy'])), '/second/trivy');
    assert.equal(await pathOf('trivy', '', machine(['/second/trivy', '/first/trivy'])), '/first/trivy');
  });

  it('looks where installers put programs', async () => {
    assert.equal(await pathOf('trivy', undefined, machine(['/snap/bin/trivy'])), '/snap/bin/trivy');
    assert.equal(await pathOf('trivy', undefined, machine(['/home/me/.local/bin/trivy'])), '/home/me/.local/bin/trivy');
    const mac = machine(['/opt/homebrew/bin/trivy'], { platform: 'darwin', env: { PATH: '/usr/bin' } });
    assert.equal(await pathOf('trivy', undefined, mac), '/opt/homebrew/bin/trivy');
  });

  it('knows Windows', async () => {
    const docker = 'C:\\Program Files\\Docker\\Docker\\resources\\bin\\docker.exe';
    const windows = (files: string[], Path = 'C:\\tools;bin') =>
      machine(files, { platform: 'win32', env: { Path }, home: 'C:\\Users\\me' });
    assert.equal(await pathOf('docker', undefined, windows([docker])), docker);
    assert.equal(
      await pathOf('docker', undefined, windows(['C:\\tools\\docker.exe', docker])),
      'C:\\tools\\docker.exe',
    );
    assert.equal(await pathOf('trivy', 'trivy.exe', windows(['C:\\tools\\trivy.exe'])), 'C:\\tools\\trivy.exe');
    const script = await findExecutable('trivy', 'C:\\tools\\trivy.cmd', windows(['C:\\tools\\trivy.cmd']));
    assert.ok(!script.found);
    assert.match(script.message, /\.exe/);
  });

  it('lets the setting win, without looking elsewhere', async () => {
    const files = ['/first/trivy', '/opt/t/trivy', '/home/me/t/trivy', '/second/trivy-next'];
    assert.equal(await pathOf('trivy', '/opt/t/trivy', machine(files)), '/opt/t/trivy');
    assert.equal(await pathOf('trivy', '~/t/trivy', machine(files)), '/home/me/t/trivy');
    assert.equal(await pathOf('trivy', 'trivy-next', machine(files)), '/second/trivy-next');
    const wrong = await findExecutable('trivy', '/gone/trivy', machine(files));
    assert.ok(!wrong.found);
    assert.match(wrong.message, /\/gone\/trivy/);
    assert.deepEqual(wrong.searched, ['/gone/trivy']);
    assert.equal(await pathOf('trivy', './tools/trivy', machine(['./tools/trivy'])), undefined);
  });

  it('says where it searched', async () => {
    const search = await findExecutable('trivy', undefined, machine([]));
    assert.ok(!search.found);
    assert.deepEqual(search.searched.slice(0, 3), ['/first', '/second', '/usr/local/bin']);
    assert.equal(await pathOf('trivy', undefined, machine([], { env: {} })), undefined);
  });

  it('takes only files that can be run', async () => {
    assert.equal(await thisMachine.isExecutable(process.execPath), true);
    assert.equal(await thisMachine.isExecutable('/'), false);
    assert.equal(await thisMachine.isExecutable(join(repositoryRoot, 'package.json')), false);
  });
});
