import assert from 'node:assert/strict';
import { buildModel } from './dockerfile.ts';
import { isSystemFolder, writtenPlaces } from './writtenPlaces.ts';

function placesOf(text: string): string[] {
  return writtenPlaces(buildModel(`FROM debian:13\n${text}\n`).finalStage!).places.map(
    ({ path, isFile, maker }) => path + (isFile ? ' (file)' : '') + (maker ? ' (made)' : ''),
  );
}

describe('written places', () => {
  it('come from volumes in both forms', () => {
    assert.deepEqual(placesOf('ENV D=/data\nVOLUME $D /logs/\nVOLUME ["/a b"]'), ['/data', '/logs', '/a b']);
  });

  it('come from options of the start', () => {
    assert.deepEqual(placesOf('CMD ["x", "--data-dir=/d", "--log-file", "/var/log/x/x.log", "--config", "/c"]'), [
      '/d',
      '/var/log/x',
    ]);
    assert.deepEqual(placesOf('CMD x --db /srv/d/x.db >> /srv/l/out.log'), ['/srv/d', '/srv/l']);
  });

  it('come from variables, but not from those of build tools', () => {
    assert.deepEqual(placesOf('ENV UPLOAD_DIR=/u PIP_CACHE_DIR=/p APP_CONFIG_DIR=/c LOG_LEVEL=/x'), ['/u']);
  });

  it('tell a database in a URL from one beside the program', () => {
    assert.deepEqual(placesOf('ENV DATABASE_URL=sqlite:////data/a.db\nENV OLD_DB_URL=sqlite:///a.db'), ['/data']);
  });

  it('are folders that RUNs make for writing', () => {
    assert.deepEqual(placesOf('WORKDIR /app\nRUN mkdir -p tmp/pids build /usr/src/x /var/lib/apt/lists/partial'), [
      '/app/tmp/pids (made)',
    ]);
    assert.deepEqual(placesOf('WORKDIR /app\nRUN mkdir tmp && make && rm -rf tmp'), []);
  });

  it('are single files in a folder of the system, or out of reach there', () => {
    assert.deepEqual(placesOf('CMD ["x", "--log-file", "/var/log/x.log"]'), ['/var/log/x.log (file)']);
    const stage = buildModel('FROM debian:13\nCMD ["x", "--pid", "/run/x.pid"]\n').finalStage!;
    assert.deepEqual(writtenPlaces(stage).outOfReach, ['/run/x.pid']);
  });

  it('never are folders of the system', () => {
    for (const path of ['/', '/var/log', '/usr/local', '/usr/local/bin', '/etc/app', '/root/x', '/tmp/x', '/opt/'])
      assert.ok(isSystemFolder(path), path);
    for (const path of ['/app', '/opt/x', '/usr/src/app', '/var/log/x', '/srv/x', '/data'])
      assert.ok(!isSystemFolder(path), path);
  });
});
