import assert from 'node:assert/strict';
import { BuildContext, contextReaderOf } from './context.ts';
import { buildModel } from './dockerfile.ts';
import { isYarnOne, yarnLockAgreement } from './lockFile.ts';
import { npmLockAgreement, npmLockTextAgreement } from './npmLock.ts';

function yarnOne(run: string, files?: Readonly<Record<string, string>>): boolean | 'unknown' {
  const model = buildModel(
    `FROM node:24\nRUN ${run}`,
    files ? { context: new BuildContext(contextReaderOf(files)) } : {},
  );
  return isYarnOne(model.commands('yarn')[0]!);
}

describe('lock files', () => {
  it('tells Yarn 1 from later ones', () => {
    assert.equal(yarnOne('yarn global add x'), true);
    assert.equal(yarnOne('yarn install'), 'unknown');
    assert.equal(yarnOne('yarn install --immutable'), false);
    assert.equal(yarnOne('yarn', { 'yarn.lock': '# yarn lockfile v1\n' }), true);
    assert.equal(yarnOne('yarn', { 'web/yarn.lock': '__metadata:\n' }), false);
    assert.equal(yarnOne('yarn', { 'yarn.lock': '# yarn lockfile v1\n', '.yarnrc.yml': '' }), false);
    assert.equal(yarnOne('yarn', {}), 'unknown');
  });

  it('compares package-lock.json with package.json', () => {
    const manifest = { dependencies: { a: '^1.0.0' }, devDependencies: { b: '2' } };
    const packages = {
      '': { dependencies: { a: '^1.0.0' }, devDependencies: { b: '2' } },
      'node_modules/a': { version: '1.0.3' },
      'node_modules/b': { version: '2.0.0' },
    };
    assert.deepEqual(npmLockAgreement({ lockfileVersion: 3, packages }, manifest), { kind: 'agrees', lockVersion: 3 });
    assert.deepEqual(npmLockAgreement({ lockfileVersion: 3, packages }, { dependencies: { a: '^2.0.0', c: '1' } }), {
      kind: 'differs',
      names: ['a', 'c', 'b'],
    });
    const old = { ...packages, 'node_modules/b': { version: '1.9.0' } };
    assert.deepEqual(npmLockAgreement({ lockfileVersion: 3, packages: old }, manifest), {
      kind: 'differs',
      names: ['b'],
    });
    const more = { ...packages, 'node_modules/c': { version: '1.0.0' } };
    assert.deepEqual(npmLockAgreement({ lockfileVersion: 3, packages: more }, manifest), { kind: 'unknown' });
    const inside = { ...packages, 'node_modules/a/node_modules/c': { version: '1.0.0' } };
    inside['node_modules/a'] = { version: '1.0.3', dependencies: { b: '*', c: '1' } } as { version: string };
    assert.equal(npmLockAgreement({ lockfileVersion: 2, packages: inside }, manifest).kind, 'agrees');
    const outside = { ...inside, '': { dependencies: { a: '^1.0.0', c: '1' }, devDependencies: { b: '2' } } };
    assert.deepEqual(
      npmLockAgreement(
        { lockfileVersion: 2, packages: outside },
        { ...manifest, dependencies: { a: '^1.0.0', c: '1' } },
      ),
      { kind: 'differs', names: ['c'] },
    );
    assert.deepEqual(npmLockAgreement({ lockfileVersion: 3, packages: { '': packages[''] } }, manifest), {
      kind: 'differs',
      names: ['a', 'b'],
    });
    assert.deepEqual(npmLockAgreement({ lockfileVersion: 1, dependencies: {} }, manifest), { kind: 'unknown' });
    assert.deepEqual(npmLockAgreement({ lockfileVersion: 3, packages }, { ...manifest, workspaces: ['x'] }), {
      kind: 'unknown',
    });
    assert.deepEqual(npmLockAgreement(undefined, manifest), { kind: 'unknown' });
  });

  it('reads the texts of both files, and keeps the last answers', () => {
    const lock = JSON.stringify({ lockfileVersion: 3, packages: { '': {} } });
    const answer = npmLockTextAgreement(lock, '{}');
    assert.deepEqual(answer, { kind: 'agrees', lockVersion: 3 });
    assert.equal(npmLockTextAgreement(lock, '{}'), answer);
    assert.deepEqual(npmLockTextAgreement(lock, '{"dependencies":{"a":"1"}}'), { kind: 'differs', names: ['a'] });
    assert.deepEqual(npmLockTextAgreement('{', '{}'), { kind: 'unknown' });
    for (const version of ['1', '2', '3', '4']) npmLockTextAgreement(lock, `{"version":"${version}"}`);
    assert.deepEqual(npmLockTextAgreement(lock, '{}'), answer);
  });

  it('compares yarn.lock with package.json', () => {
    const one = '# yarn lockfile v1\n\n\n"@s/a@^1.0.0", "@s/a@^1.1.0":\n  version "1.2.0"\n\nb@2:\n  version "2.0.0"\n';
    assert.deepEqual(
      yarnLockAgreement(one, { dependencies: { '@s/a': '^1.1.0' }, devDependencies: { '@s/a': '^1.0.0', b: '2' } }),
      {
        kind: 'agrees',
        lockVersion: 1,
      },
    );
    assert.deepEqual(yarnLockAgreement(one, { dependencies: { b: '3' } }), { kind: 'differs', names: ['b'] });
    const later = '__metadata:\n  version: 8\n\n"b@npm:2, b@npm:^2.0.0":\n  version: 2.0.0\n';
    assert.deepEqual(yarnLockAgreement(later, { dependencies: { b: '^2.0.0' } }), { kind: 'unknown' });
    assert.deepEqual(yarnLockAgreement(later, { dependencies: { b: '^3.0.0' } }), { kind: 'differs', names: ['b'] });
    assert.deepEqual(yarnLockAgreement(one, { dependencies: { b: 'file:../b' } }), { kind: 'unknown' });
    assert.deepEqual(yarnLockAgreement('', { dependencies: {} }), { kind: 'unknown' });
  });
});
