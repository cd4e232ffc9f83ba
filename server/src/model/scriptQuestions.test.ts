import assert from 'node:assert/strict';
import type { Command } from './command.ts';
import { buildModel } from './dockerfile.ts';
import type { Run } from './run.ts';

function lastRun(text: string): Run {
  return buildModel(`FROM debian:13\n${text}`).runs.at(-1)!;
}

function first(text: string, name: string): Command {
  return lastRun(text).commands.find((command) => command.name === name)!;
}

describe('questions about scripts', () => {
  it('which options a variable may bring', () => {
    assert.equal(first('RUN pip install $OPTIONS x', 'pip').mayHold('--no-cache-dir'), true);
    assert.equal(first('RUN pip install $PACKAGES', 'pip').mayHold('--no-cache-dir'), false);
    assert.equal(first('ENV X="-q --no-cache-dir"\nRUN pip install $X', 'pip').mayHold('--no-cache-dir'), true);
    assert.equal(first('ENV PIP_ARGS=-q\nRUN pip install ${PIP_ARGS} x', 'pip').mayHold('--no-cache-dir'), false);
    assert.equal(first('RUN A=--no-cache-dir; pip install $A x', 'pip').mayHold('--no-cache-dir'), true);
    assert.equal(first('RUN pip install *.whl', 'pip').mayHold('--no-cache-dir'), false);
  });

  it('how the same program is called again', () => {
    assert.equal(first('RUN npm ci', 'npm').caller, 'npm');
    assert.equal(
      first('RUN NODE_ENV=x HOME=/h sudo -u node /usr/bin/npm ci', 'npm').caller,
      'HOME=/h sudo -u node /usr/bin/npm',
    );
    assert.equal(first('RUN exec npm ci', 'npm').caller, undefined);
  });

  it('what is removed', () => {
    assert.equal(lastRun('RUN a && rm -rf /x/cache/*').removes(/\/x\/cache/), true);
    assert.equal(lastRun('RUN a && find /x/cache -delete').removes(/\/x\/cache/), true);
    assert.equal(lastRun('RUN a \\\n && rm -rf \\\n   /tmp/* \\\n   /x/cache').removes(/\/x\/cache/), true);
    assert.equal(lastRun('RUN ls /x/cache && rm y').removes(/\/x\/cache/), false);
  });

  it('what is mounted', () => {
    assert.equal(lastRun('RUN --mount=type=cache,target=/x/cache a').hasMountMatching(/\/cache$/), true);
    assert.equal(lastRun('RUN --mount=type=secret,target=/x/cache a').hasMountMatching(/\/cache$/), false);
    assert.equal(lastRun('RUN --mount=type=cache,target=$DIR a').hasMountMatching(/\/cache$/), true);
    assert.equal(lastRun('RUN a').hasMountMatching(/./), false);
  });
});
