import assert from 'node:assert/strict';
import type { ScanFinding } from '../../../server/src/scan/report.ts';
import { describeFinding, linksOf } from './describe.ts';
import { FindingsTable } from './findings.ts';

const finding: ScanFinding = {
  kind: 'vulnerability',
  id: 'CVE-2024-1',
  severity: 'high',
  package: 'openssl',
  installedVersion: '3.0.11',
  status: 'affected',
  url: 'https://example.com/1',
  references: [
    'https://example.com/1',
    'javascript:alert(1)',
    'http://example.com/2',
    'command:x',
    'https://example.com/3',
    '%',
  ],
  target: 'shop (debian 12.5)',
  type: 'debian',
};

describe('the details of a finding', () => {
  it('offer https links only, each once, the main one first', () => {
    assert.deepEqual(linksOf(finding), ['https://example.com/1', 'https://example.com/3']);
  });

  it('say what is known and leave out what is not', () => {
    const image = {
      name: '',
      tags: [],
      digests: [],
      diffIds: [],
      layers: [],
      history: [],
      config: { env: [], entrypoint: [], cmd: [], labels: {} },
    };
    const table = new FindingsTable({ findings: [finding], image });
    const details = describeFinding(table, 0);
    assert.equal(details?.heading, 'CVE-2024-1 in openssl');
    assert.deepEqual(details?.facts, [
      { label: 'Package', value: 'openssl' },
      { label: 'Installed', value: '3.0.11' },
      { label: 'Fixed in', value: 'no fixed version' },
      { label: 'Status', value: 'no fix yet' },
      { label: 'Found in', value: 'shop (debian 12.5)' },
    ]);
    assert.equal(describeFinding(table, 1), undefined);
  });
});
