import assert from 'node:assert/strict';
import { BuildOutput } from './buildOutput.ts';

function follow(lines: readonly string[], isJson = true): { log: string[]; steps: string[] } {
  const output = new BuildOutput(isJson);
  const log: string[] = [];
  const steps: string[] = [];
  for (const line of lines) {
    const news = output.push(line);
    log.push(...news.log);
    if (news.step !== undefined) steps.push(news.step);
  }
  return { log, steps };
}

const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64');

describe('BuildOutput', () => {
  const updates = [
    { vertexes: [{ digest: 'sha256:1', name: '[internal] load build definition from Dockerfile', started: 'x' }] },
    { vertexes: [{ digest: 'sha256:2', name: '[1/2] FROM docker.io/library/node:24', started: 'x' }] },
    {
      vertexes: [
        {
          digest: 'sha256:2',
          name: '[1/2] FROM docker.io/library/node:24',
          started: 'x',
          completed: 'y',
          cached: true,
        },
      ],
    },
    { vertexes: [{ digest: 'sha256:3', name: '[2/2] RUN make' }] },
    { vertexes: [{ digest: 'sha256:3', name: '[2/2] RUN make', started: 'x' }] },
    { logs: [{ vertex: 'sha256:3', stream: 1, data: base64('one\ntw') }] },
    { logs: [{ vertex: 'sha256:3', stream: 2, data: base64('o \u001B[31mred\u001B[0m\n') }] },
    { vertexes: [{ digest: 'sha256:3', name: '[2/2] RUN make', started: 'x', completed: 'y', error: 'exit code: 2' }] },
    { warnings: [{ vertex: 'sha256:3', short: base64('careful') }] },
  ];
  const expected = {
    log: [
      '#1 [internal] load build definition from Dockerfile',
      '#2 [1/2] FROM docker.io/library/node:24',
      '#2 CACHED',
      '#3 [2/2] RUN make',
      '#3 one',
      '#3 two red',
      '#3 ERROR: exit code: 2',
      'WARNING: careful',
      'ERROR: failed to solve: exit code: 2',
    ],
    steps: ['[1/2] FROM docker.io/library/node:24', '[2/2] RUN make'],
  };

  it("reads BuildKit's JSON, an object a line", () => {
    const lines = updates.map((update) => JSON.stringify(update));
    assert.deepEqual(follow([...lines, 'ERROR: failed to solve: exit code: 2']), expected);
  });

  it('reads it in several lines, as older versions write it', () => {
    const lines = updates.flatMap((update) => JSON.stringify(update, null, 2).split('\n'));
    assert.deepEqual(follow([...lines, 'ERROR: failed to solve: exit code: 2']), expected);
  });

  it('keeps characters together that are split between two entries', () => {
    const bytes = Buffer.from('ü\n');
    const entry = (data: Buffer) => JSON.stringify({ logs: [{ vertex: 'a', data: base64(data) }] });
    assert.deepEqual(follow([entry(bytes.subarray(0, 1)), entry(bytes.subarray(1))]).log, ['#1 ü']);
  });

  it('reads the texts of the other builders', () => {
    const lines = [
      '#2 [internal] load .dockerignore',
      '#5 [one 2/2] RUN echo hi > /a',
      '#5 sha256:66504b2d2ac4681de9e202f121f8f9fa173e84f0677b9678a520a6c7372fdf11',
      '#5 0.060 out',
      'Step 2/7 : RUN make   all',
      '[1/2] STEP 3/3: RUN make',
      'STEP 2/2: COPY . .',
      'STEP up',
      '{"printed": "by a step"}',
      '{',
    ];
    assert.deepEqual(follow(lines, false), {
      log: lines,
      steps: ['[one 2/2] RUN echo hi > /a', 'Step 2/7: RUN make all', '[1/2] STEP 3/3: RUN make', 'STEP 2/2: COPY . .'],
    });
  });

  it('passes on what only looks like JSON, and bounds the length of a step', () => {
    assert.deepEqual(follow(['{"a": oops', '{', 'no json', '}']).log, ['{"a": oops', '{', 'no json', '}']);
    assert.ok((follow([`Step 1/1 : RUN ${'x'.repeat(5000)}`]).steps[0]?.length ?? 0) < 130);
  });
});
