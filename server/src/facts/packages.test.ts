import assert from 'node:assert/strict';
import { commandsOfPackage, packageRole, packagesFor } from './packages.ts';

describe('packages for a command', () => {
  it('depend on the manager', () => {
    assert.deepEqual(packagesFor('curl', 'apt'), ['curl', 'ca-certificates']);
    assert.deepEqual(packagesFor('curl', 'apk'), ['curl']);
    assert.deepEqual(packagesFor('ps', 'apt'), ['procps']);
    assert.deepEqual(packagesFor('ps', 'microdnf'), ['procps-ng']);
    assert.deepEqual(packagesFor('sftp', 'apt'), ['openssh-client']);
  });

  it('are not made up', () => {
    for (const command of ['no-such-command', 'constructor']) assert.equal(packagesFor(command, 'apt'), undefined);
    assert.equal(packagesFor('gosu', 'dnf'), undefined);
    assert.equal(packagesFor('curl', 'none'), undefined);
  });
});

describe('commands of a package', () => {
  it('include those of its dependencies', () => {
    const commands = commandsOfPackage('build-essential', 'apt');
    for (const command of ['gcc', 'g++', 'make', 'ld', 'patch', '@libc-headers'])
      assert.ok(commands.has(command), command);
    assert.ok(commandsOfPackage('build-base', 'apk').has('gcc'));
    assert.ok(commandsOfPackage('git', 'apt').has('git'));
    assert.ok(commandsOfPackage('shadow-utils', 'dnf').has('useradd'));
    assert.ok(commandsOfPackage('shadow', 'apk').has('useradd'));
  });

  it('are empty when unknown', () => {
    for (const name of ['no-such-package', 'constructor']) assert.equal(commandsOfPackage(name, 'apt').size, 0);
  });
});

describe('package role', () => {
  const cases: Readonly<Record<string, string | undefined>> = {
    gcc: 'compiler',
    'gcc-12': 'compiler',
    'g++': 'compiler',
    'build-base': 'compiler',
    'openjdk-17-jdk-headless': 'compiler',
    'openjdk-17-jre-headless': undefined,
    'make=4.3-4': 'build-tool',
    'libpq-dev': 'headers',
    'python3-devel': 'headers',
    vim: 'debug-tool',
    curl: undefined,
    git: undefined,
    constructor: undefined,
  };
  for (const [name, kind] of Object.entries(cases)) {
    it(`${name}: ${kind ?? 'none'}`, () => assert.equal(packageRole(name)?.kind, kind));
  }
});
