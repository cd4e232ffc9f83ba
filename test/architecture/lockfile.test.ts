import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot as root } from '../helpers/repositoryRoot.ts';

interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>>;
}

describe('lock files', () => {
  for (const file of ['package-lock.json', 'host/package/package-lock.json']) {
    it(`${file} names the optional packages of every platform`, () => {
      // npm leaves out those that a registry mirror does not have, and then `npm ci` refuses the file everywhere.
      const { packages } = JSON.parse(readFileSync(join(root, file), 'utf8')) as Lockfile;
      const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
        Object.keys(optionalDependencies).filter(
          (name) => !packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`],
        ),
      );
      assert.deepEqual(missing, []);
    });
  }
});
