import assert from 'node:assert/strict';
import type { Command } from './command.ts';
import { buildModel } from './dockerfile.ts';

function commandIn(text: string): Command {
  return buildModel(`FROM debian:13\nRUN ${text}\n`).runs[0]!.commands[0]!;
}

/** Names of the options as read, and the operands. */
const cases: Readonly<Record<string, { has?: string[]; lacks?: string[]; values?: object; operands?: string[] }>> = {
  'apt-get -qqy install curl': { has: ['-y', '-q', '-qqy'], operands: ['install', 'curl'] },
  'apt-get -q=2 install -tbullseye curl': { has: ['-q', '-t'], lacks: ['-y', '-b'], values: { '-t': 'bullseye' } },
  'apt-get -yoDpkg::Use-Pty=0 install -qt sid curl': {
    has: ['-y', '-o', '-q'],
    values: { '-o': 'Dpkg::Use-Pty=0', '-t': 'sid' },
    operands: ['install', 'curl'],
  },
  'mvn -Pprod -Dskip=true -o package': {
    has: ['-P', '-D', '-o'],
    lacks: ['-r', '-p', '-d', '-s'],
    values: { '-P': 'prod' },
    operands: ['package'],
  },
  'mvn -fae -f app/pom.xml package': { values: { '-f': 'app/pom.xml' }, operands: ['package'] },
  'mvn -fapp/pom.xml package': { values: { '-f': 'app/pom.xml' } },
  'gradle -Pprod -xtest build': { lacks: ['-p'], values: { '-x': 'test' }, operands: ['build'] },
  'go build -race -ldflags "-s -w" -o /app .': {
    lacks: ['-r', '-e', '-s'],
    values: { '-o': '/app', '-ldflags': '-s -w' },
    operands: ['build', '.'],
  },
  'dotnet publish -p:PublishDir=x -o out App.csproj': {
    lacks: ['-d', '-c'],
    values: { '-o': 'out' },
    operands: ['publish', 'App.csproj'],
  },
  'java -Xmx512m -XX:+UseG1GC -jar app.jar': { lacks: ['-m', '-X'], values: { '-jar': 'app.jar' } },
  'curl -XPOST -sSLo/tmp/x https://example.org': {
    has: ['-X', '-s', '-L', '-o'],
    lacks: ['-O', '-T', '-t'],
    values: { '-o': '/tmp/x', '-X': 'POST' },
    operands: ['https://example.org'],
  },
  'wget -nvO x https://example.org': { has: ['-n'], operands: ['x', 'https://example.org'] },
  'wget -qO- https://example.org': { values: { '-O': '-' }, operands: ['https://example.org'] },
  'useradd -rmu 1000 -s/bin/false app': {
    has: ['-r', '-m'],
    values: { '-u': '1000', '-s': '/bin/false' },
    operands: ['app'],
  },
  'sed -i.bak -e s/a/b/ x': { has: ['-i', '-e'], lacks: ['-b'], operands: ['x'] },
  'sed -ri s/a/b/ x': { has: ['-r', '-i'] },
  'npm run build -- -g': { lacks: ['-g'], operands: ['run', 'build', '-g'] },
  'pip3.12 install -qr requirements.txt': { values: { '-r': 'requirements.txt' }, operands: ['install'] },
  'unknown -ab --long=1 x': { has: ['-a', '-b', '--long'], values: { '--long': '1' }, operands: ['x'] },
  'mkdir -p -m$MODE /x': { has: ['-m'], values: { '-m': undefined }, operands: ['/x'] },
};

describe('options of a command', () => {
  for (const [text, { has = [], lacks = [], values = {}, operands }] of Object.entries(cases)) {
    it(text, () => {
      const command = commandIn(text);
      for (const name of has) assert.ok(command.hasOption(name), `${name} is there`);
      for (const name of lacks) assert.ok(!command.hasOption(name), `${name} is not there`);
      for (const [name, value] of Object.entries(values)) assert.equal(command.optionValue(name), value, name);
      if (operands)
        assert.deepEqual(
          command.operands.map((word) => word.value),
          operands,
        );
    });
  }
});
