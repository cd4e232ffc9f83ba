import assert from 'node:assert/strict';
import { describeLayers, readableInstruction } from './layers.ts';

describe('the text of a layer', () => {
  const cases: Record<string, string> = {
    '/bin/sh -c #(nop) COPY file:1f2e in /app ': 'COPY file:1f2e in /app',
    '/bin/sh -c #(nop)  ENV A=1': 'ENV A=1',
    [`COPY file:${'0123456789abcdef'.repeat(4)} in /`]: 'COPY file:0123456789ab… in /',
    '/bin/sh -c apt-get update &&  apt-get install -y curl': 'RUN apt-get update && apt-get install -y curl',
    'RUN /bin/sh -c npm ci # buildkit': 'RUN npm ci',
    'RUN |2 A=1 B=two words /bin/sh -c make -c x # buildkit': 'RUN make -c x',
    '|1 DEBIAN_FRONTEND=noninteractive /bin/sh -c ./install.sh': 'RUN ./install.sh',
    'RUN /bin/bash -o pipefail -c curl x | sh # buildkit': 'RUN curl x | sh',
    'COPY . . # buildkit': 'COPY . .',
    '|1 TOKEN=hush /usr/bin/thing --now': 'RUN (with build arguments)',
    'RUN |1 TOKEN=hush thing # buildkit': 'RUN (with build arguments)',
    'bazel build ...': 'bazel build ...',
    '': '',
  };
  for (const [history, expected] of Object.entries(cases)) {
    it(history || 'nothing', () => assert.equal(readableInstruction(history), expected));
  }

  it('counts from 1 and does without the text where there is none', () => {
    const layers = describeLayers({
      diffIds: ['sha256:a', 'sha256:b'],
      layers: [{ diffId: 'sha256:b', createdBy: 'COPY a b' }],
    });
    assert.deepEqual(
      [...layers],
      [
        ['sha256:a', { index: 1, label: '1' }],
        ['sha256:b', { index: 2, label: '2 · COPY a b' }],
      ],
    );
  });
});
