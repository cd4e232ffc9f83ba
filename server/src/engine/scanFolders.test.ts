import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { makeScanFolder, removeAbandoned } from './scanFolders.ts';

describe('folders of scans', () => {
  let parent: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'plimsoll-folders-'));
  });
  afterEach(() => rmSync(parent, { recursive: true, force: true }));

  const hours = (count: number) => new Date(Date.now() + count * 3_600_000);

  it('stay while their process runs, and go as soon as it is gone', async () => {
    const own = basename(await makeScanFolder(parent));
    const { pid } = spawnSync(process.execPath, ['--version']);
    mkdirSync(join(parent, own.replace(`-${process.pid}-`, `-${pid}-`)));
    assert.equal(readdirSync(parent).length, 2);
    await removeAbandoned(parent, hours(0));
    assert.deepEqual(readdirSync(parent), [own]);
  });

  it('of another machine or container stay for two days', async () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    const others = [`plimsoll-scan-0123456789ab-${pid}-x`, 'plimsoll-scan-x'];
    for (const name of [...others, 'something-else']) mkdirSync(join(parent, name));
    await removeAbandoned(parent, hours(47));
    assert.deepEqual(readdirSync(parent), [...others, 'something-else']);
    await removeAbandoned(parent, hours(49));
    assert.deepEqual(readdirSync(parent), ['something-else']);
  });
});
