import assert from 'node:assert/strict';
import { buildModel } from './dockerfile.ts';
import { isSourceFree } from './sourceFree.ts';

function isFree(command: string, manifests: readonly string[] = []): boolean {
  const model = buildModel(`FROM debian:13\nWORKDIR /app\nRUN ${command}\n`);
  return model.runs[0]!.commands.every((each) => isSourceFree(each, '/app', manifests));
}

describe('isSourceFree', () => {
  it('knows commands that look at nothing of the project', () => {
    const free = [
      'apt-get update && apt-get install -y git',
      'rm -rf /var/lib/apt/lists/* ~/.cache $HOME/.npm',
      'npm install -g npm@11',
      'pip install --upgrade pip',
      'corepack enable && yarn --version',
      'mkdir -p /data logs && chown -R app /data',
      'useradd -m app',
      'echo x > /etc/x 2>&1',
      'curl -fsSL https://example.com/x -o /tmp/x && tar -xf /tmp/x -C /opt',
      'python3 -m venv /venv && . /venv/bin/activate',
      'go mod verify',
      'bundle config set deployment true',
    ];
    for (const command of free) assert.equal(isFree(command), true, command);
  });

  it('takes everything else for one that needs the source', () => {
    const bound = [
      'make',
      './setup.sh',
      'npm run build',
      'npm ci',
      'chown -R app /app',
      'chown -R app .',
      'rm -rf tests',
      'cp .env.example .env',
      'echo x > config.json',
      'pip install .',
      'pip install -r a.txt',
      'apt-get install ./x.deb',
      'rm -rf /',
      'rm -rf /ap*',
      'cat VERSION',
      'sed -i s/a/b/ /app/x',
      'go mod tidy',
      '$TOOL x',
    ];
    for (const command of bound) assert.equal(isFree(command), false, command);
  });

  it('lets manifests be read, not changed', () => {
    assert.equal(isFree('cat package.json && test -f /app/package.json', ['/app/package.json']), true);
    assert.equal(isFree('sed -i s/a/b/ package.json', ['/app/package.json']), false);
    assert.equal(isFree('chmod +x mvnw', ['/app/mvnw']), false);
  });
});
