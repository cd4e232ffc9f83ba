import assert from 'node:assert/strict';
import { findEngine } from './engine.ts';
import { localImageFacts } from './imageFacts.ts';
import { type Machine, thisMachine } from './findExecutable.ts';
import type { RunProgram } from './process.ts';
import type { ScanTools } from './tools.ts';

const down = 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?';

/** A machine with docker and podman, which answer as told on standard error; podman tells of itself. */
function machineWith(
  docker: string,
  env: NodeJS.ProcessEnv,
  hasPodman = true,
  podman = 'Error: x:1: image not known',
): ScanTools {
  const machine: Machine = {
    ...thisMachine,
    env: { PATH: '/bin', ...env },
    isExecutable: (path) => Promise.resolve(path === '/bin/docker' || (hasPodman && path === '/bin/podman')),
  };
  const run: RunProgram = (file, args) => {
    const answer = { ending: 'exited', exitCode: 1, stdout: '', stderr: docker } as const;
    if (file !== '/bin/podman') return Promise.resolve(answer);
    if (args[0] !== 'info') return Promise.resolve({ ...answer, stderr: podman });
    return Promise.resolve({ ...answer, exitCode: 0, stdout: '{"host":{},"version":{"Version":"5.4.2"}}' });
  };
  return { run, machine, storageFolder: '/', signal: new AbortController().signal, log: () => undefined };
}

async function choose(docker: string, env: NodeJS.ProcessEnv = {}, hasPodman?: boolean): Promise<string> {
  const found = await findEngine({ engine: 'auto', timeoutMinutes: 1 }, machineWith(docker, env, hasPodman));
  assert.notEqual(found.status, 'cancelled');
  return found.status === 'done' ? found.value.info.kind : found.status === 'failure' ? found.failure.kind : '';
}

describe('the choice of an engine', function () {
  before(function () {
    if (process.platform === 'win32') this.skip();
  });

  it('takes podman where docker is installed and does not run', async () => {
    assert.equal(await choose(down), 'podman');
    assert.equal(await choose(down, {}, false), 'engine-not-running');
  });

  it('never passes over a docker whose address was set', async () => {
    assert.equal(await choose(down, { DOCKER_HOST: 'unix:///elsewhere.sock' }), 'engine-not-running');
    assert.equal(await choose(down, { DOCKER_CONTEXT: 'office' }), 'engine-not-running');
    assert.equal(await choose(down, { DOCKER_HOST: '' }), 'podman');
    assert.equal(await choose('unable to resolve docker endpoint: context "x": not found'), 'engine-wrong-context');
  });

  it('says which engine was not asked for an image that is missing', async () => {
    const tools = machineWith(down, {});
    const found = await findEngine({ engine: 'auto', timeoutMinutes: 1 }, tools);
    assert.ok(found.status === 'done');
    const facts = await localImageFacts(found.value, 'x:1', tools);
    assert.ok(facts.status === 'failure');
    assert.equal(facts.failure.message, 'Podman does not have this image. Docker is not running.');
  });

  it('says which disk is full when an image is saved', async () => {
    const tools = machineWith(down, {}, true, 'write /t/image.tar: no space left on device');
    const found = await findEngine({ engine: 'podman', timeoutMinutes: 1 }, tools);
    assert.ok(found.status === 'done');
    const saved = await found.value.save('x:1', '/t/image.tar');
    assert.ok(saved.status === 'failure');
    assert.equal(saved.failure.message, 'There is no room for a copy of the image in /t.');
  });
});
