import assert from 'node:assert/strict';
import { argumentsToAsk } from './buildArguments.ts';

const arg = (name: string, hasDefault = false) => ({ name, hasDefault });

describe('build arguments to ask for', () => {
  it('have no default, and come once', () => {
    assert.deepEqual(argumentsToAsk([arg('VERSION'), arg('TAG', true), arg('VERSION')], undefined), ['VERSION']);
  });

  it('are not those that a stage only repeats', () => {
    assert.deepEqual(argumentsToAsk([arg('NODE', true), arg('NODE')], undefined), []);
  });

  it('are not those that the builder fills in', () => {
    assert.deepEqual(
      argumentsToAsk(
        ['TARGETARCH', 'BUILDPLATFORM', 'http_proxy', 'NO_PROXY'].map((name) => arg(name)),
        undefined,
      ),
      [],
    );
  });

  it('are not those that were answered or left empty before', () => {
    const answers = { buildArgs: { A: '1' }, skippedArgs: ['B'] };
    assert.deepEqual(argumentsToAsk([arg('A'), arg('B'), arg('toString')], answers), ['toString']);
  });
});
