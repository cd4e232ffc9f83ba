import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readMochaReport } from './outcome.ts';

describe('readMochaReport', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-outcome-'));
  after(() => rmSync(folder, { recursive: true }));

  const report = (content: string) => {
    const file = join(folder, 'report.json');
    writeFileSync(file, content);
    return file;
  };
  const stats = (passes: number, failures = 0, pending = 0) =>
    JSON.stringify({
      stats: { passes, failures, pending },
      failures: Array.from({ length: failures }, (_, index) => ({
        fullTitle: `failing ${index}`,
        file: '/out/test/a.test.js',
        err: { stack: 'why' },
      })),
      passes: Array.from({ length: passes }, () => ({ fullTitle: 'passing', file: '/out/test/a.test.js', err: {} })),
      pending: Array.from({ length: pending }, (_, index) => ({ fullTitle: `pending ${index} (reason)`, err: {} })),
    });

  it('counts what the report counts', () => {
    assert.deepEqual(readMochaReport('unit', report(stats(3, 1, 1)), 1), {
      passed: 3,
      failures: [{ title: 'failing 0', detail: 'why', file: '/out/test/a.test.js' }],
      skips: ['pending 0 (reason)'],
      passedIn: Array.from({ length: 3 }, () => '/out/test/a.test.js'),
    });
  });

  it('fails a run that wrote no report, although it ended with 0', () => {
    const { passed, failures } = readMochaReport('extension', join(folder, 'missing.json'), 0);
    assert.equal(passed, 0);
    assert.equal(failures.length, 1);
  });

  it('fails a run whose report is cut off', () => {
    assert.equal(readMochaReport('unit', report(stats(3).slice(0, 20)), 0).failures.length, 1);
  });

  it('fails a run that ended badly after all tests passed', () => {
    assert.equal(readMochaReport('unit', report(stats(3)), 7).failures.length, 1);
  });

  it('fails a run without any test', () => {
    assert.equal(readMochaReport('unit', report(stats(0)), 0).failures.length, 1);
  });
});
