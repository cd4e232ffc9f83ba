import assert from 'node:assert/strict';
import { buildModel } from './dockerfile.ts';
import { downloadOf } from './download.ts';

function downloadIn(command: string): string | undefined {
  const model = buildModel(`FROM debian:13\nRUN ${command}\n`);
  return downloadOf(model.runs[0]!.commands[0]!)?.name;
}

const cases: Readonly<Record<string, string | undefined>> = {
  'curl -fsSLo /tmp/a.tgz https://example.com/x': '/tmp/a.tgz',
  'curl --output=a.tgz https://example.com/x': 'a.tgz',
  'curl -fsSLO https://example.com/dir/a-1.tgz': 'a-1.tgz',
  'curl -fsSL https://example.com/a.tgz > b.tgz': 'b.tgz',
  'curl -fsSL https://example.com/a.tgz': undefined,
  'curl -XPOST -o a.tgz https://example.com/x': 'a.tgz',
  'curl -sSLoa.tgz https://example.com/x': 'a.tgz',
  'curl --output="$DIR/a.tgz" https://example.com/x': '$DIR/a.tgz',
  'curl -o - https://example.com/a.tgz': undefined,
  'curl -O https://example.com/a https://example.com/b': undefined,
  'wget https://example.com/a.zip': 'a.zip',
  'wget -q -O b.zip https://example.com/a.zip': 'b.zip',
  'wget -qO- https://example.com/a.zip': undefined,
  'wget -nc -nP https://example.com/a.zip': 'a.zip',
  'wget -UFirefoxP https://example.com/a.zip': 'a.zip',
  'wget -i urls https://example.com/a.zip': undefined,
  'wget -P /tmp https://example.com/a.zip': undefined,
  'wget https://example.com/a-${VERSION}.zip': 'a-${VERSION}.zip',
  'wget https://example.com/a-$(uname -m).zip': undefined,
  'git clone https://example.com/a.git': 'a',
  'git clone --depth 1 https://example.com/a.git /src': '/src',
  'tar xf a.tgz': undefined,
};

describe('what a command downloads', () => {
  for (const [command, expected] of Object.entries(cases)) {
    it(command, () => assert.equal(downloadIn(command), expected));
  }
});
