import assert from 'node:assert/strict';
import { findBuildRecord, hasMade, likelyRecords, readBuildRecords } from './buildRecord.ts';
import { type Engine, findEngine } from './engine.ts';
import { thisMachine } from './findExecutable.ts';
import type { RunProgram } from './process.ts';
import type { ScanTools } from './tools.ts';

const id = `sha256:${'4'.repeat(64)}`;
const made = '2026-05-04T10:00:00.5Z';

/** Rows of the list, newest first. */
const rows = [
  { ref: 'default/default/aaa', status: 'Running', created_at: made },
  { ref: 'default/default/bbb', status: 'Completed', completed_at: '2026-05-04T12:00:00Z' },
  { ref: 'default/default/ccc', status: 'Completed', completed_at: '2026-05-04T10:00:01Z' },
  { ref: 'default/default/ddd', status: 'Error', completed_at: made },
];

/** Stands for a docker whose builder has records; tells what it was asked. */
function engineWith(answers: Readonly<Record<string, string>>, buildx = 'github.com/docker/buildx v0.29.1 x') {
  const asked: string[] = [];
  const run: RunProgram = (_file, args) => {
    const line = args.join(' ');
    asked.push(line);
    const key = Object.keys(answers).find((start) => line.startsWith(start));
    const known: Record<string, string> = {
      'version --format': '{"Client":{"Version":"28.0"},"Server":{"Version":"28.0","Os":"linux"}}',
      'buildx version': buildx,
      'image inspect': JSON.stringify({ Id: id, RepoTags: ['x:1'], Created: made, Size: 1 }),
    };
    const usual = Object.keys(known).find((start) => line.startsWith(start));
    const stdout = key === undefined ? known[usual ?? ''] : answers[key];
    const exitCode = stdout === undefined || stdout === '' ? 1 : 0;
    return Promise.resolve({ ending: 'exited', exitCode, stdout: stdout ?? '', stderr: '' });
  };
  const tools: ScanTools = {
    run,
    machine: thisMachine,
    storageFolder: '/',
    signal: new AbortController().signal,
    log: () => undefined,
  };
  return { tools, asked };
}

async function open(tools: ScanTools): Promise<Engine> {
  const found = await findEngine({ engine: 'docker', dockerPath: process.execPath, timeoutMinutes: 1 }, tools);
  assert.ok(found.status === 'done', JSON.stringify(found));
  return found.value;
}

const list = rows.map((row) => JSON.stringify(row)).join('\n');
const inspected = JSON.stringify({ Attachments: [{ Digest: 'sha256:1' }, { Digest: id }] });

describe('records of builds', () => {
  it('are taken out of the list when their build is finished', () => {
    assert.deepEqual(
      readBuildRecords(`${list}\nnot JSON\n{"ref":"a/b/--x","status":"Completed","completed_at":"${made}"}\n`),
      [
        { ref: 'bbb', completed: Date.parse('2026-05-04T12:00:00Z') },
        { ref: 'ccc', completed: Date.parse('2026-05-04T10:00:01Z') },
      ],
    );
  });

  it('are tried in turn from when the image was made, and from now', () => {
    const records = [9, 8, 7, 3, 2, 1].map((minute) => ({ ref: `r${minute}`, completed: minute * 60_000 }));
    const refs = likelyRecords(records, new Date(2.4 * 60_000)).map(({ ref }) => ref);
    assert.deepEqual(refs, ['r2', 'r9', 'r3', 'r8', 'r7', 'r1']);
    const many = Array.from({ length: 100 }, (_, index) => ({ ref: `r${index}`, completed: index }));
    assert.equal(likelyRecords(many, new Date(0)).length, 20);
    // An image that was pulled is not looked for in all of them.
    assert.equal(likelyRecords(many, new Date(86_400_000)).length, 6);
  });

  it('belong to an image by its configuration or its index', () => {
    assert.equal(hasMade(inspected, id), true);
    assert.equal(hasMade(inspected, `sha256:${'5'.repeat(64)}`), false);
    assert.equal(hasMade('garbage', id), false);
  });

  it('are found for the image that they made', async () => {
    const { tools, asked } = engineWith({
      'buildx history ls': list,
      'buildx history inspect --format json ccc': inspected,
      'buildx history inspect --format json bbb': '{}',
      'buildx history inspect attachment --type provenance ccc': '{"record":1}',
    });
    assert.equal(await findBuildRecord(await open(tools), 'x:1', tools), '{"record":1}');
    assert.equal(asked.filter((line) => line.startsWith('buildx history inspect')).length, 2);
  });

  it('are not there when no build made the image, or buildx knows none', async () => {
    const other = engineWith({ 'buildx history ls': list, 'buildx history inspect --format json': '{}' });
    assert.equal(await findBuildRecord(await open(other.tools), 'x:1', other.tools), undefined);
    const old = engineWith({ 'buildx history': '' });
    assert.equal(await findBuildRecord(await open(old.tools), 'x:1', old.tools), undefined);
  });

  it('are not asked of other builders', async () => {
    const { tools, asked } = engineWith({}, '');
    assert.equal(await findBuildRecord(await open(tools), 'x:1', tools), undefined);
    assert.ok(asked.every((line) => !line.includes('history')));
  });
});
