import assert from 'node:assert/strict';
import { countsInWords, describeScanState } from './scanState.ts';

describe('the state of a scan', () => {
  const now = Date.parse('2026-08-21T12:00:00Z');
  const scan = {
    counts: { critical: 3, high: 12, medium: 5, low: 0, unknown: 0 },
    fixable: 9,
    scannedAt: now - 7_200_000,
  };

  it('names the two worst severities, and that the file changed', () => {
    assert.equal(
      describeScanState({ ...scan, isChanged: true }, now),
      '3 critical, 12 high (9 of 20 fixable) · scanned 2 h ago, changed since',
    );
  });

  it('says when nothing was found', () => {
    const clean = { counts: { critical: 0 }, fixable: 0, scannedAt: now, isChanged: false };
    assert.equal(describeScanState(clean, now), 'Nothing found · scanned just now');
  });
});

describe('counts in words', () => {
  it('name what there is', () => {
    assert.equal(countsInWords({ critical: 3, high: 0, medium: 0, low: 1, unknown: 0 }), '3 critical, 1 low');
    assert.equal(countsInWords({ critical: 0, high: 0, medium: 0, low: 0, unknown: 0 }), 'no findings');
  });
});
