import assert from 'node:assert/strict';
import { compareScans } from './compareScans.ts';
import type { ScanFinding } from './report.ts';

function finding(id: string, more: Partial<ScanFinding> = {}): ScanFinding {
  return {
    ...{ kind: 'vulnerability', id, severity: 'high', references: [], target: 'shop:1 (debian 12)' },
    ...{ class: 'os-pkgs', package: 'openssl', ...more },
  };
}

describe('compareScans', () => {
  it('tells what is new and what is gone', () => {
    const before = [finding('CVE-1'), finding('CVE-2')];
    const after = [finding('CVE-2'), finding('CVE-3')];
    assert.deepEqual(compareScans(before, after), { added: [1], fixed: [0] });
  });

  it('knows a finding again in another version and under another name of the image', () => {
    const before = [finding('CVE-1', { installedVersion: '1' })];
    const after = [finding('CVE-1', { installedVersion: '2', target: 'shop:2 (debian 13)' })];
    assert.deepEqual(compareScans(before, after), { added: [], fixed: [] });
  });

  it('counts what occurs several times', () => {
    const inFile = (path: string) => finding('CVE-1', { class: 'lang-pkgs', path, target: 'Node.js' });
    assert.deepEqual(compareScans([inFile('/a')], [inFile('/a'), inFile('/b')]), { added: [1], fixed: [] });
    assert.deepEqual(compareScans([finding('CVE-1'), finding('CVE-1')], [finding('CVE-1')]), { added: [], fixed: [1] });
  });
});
