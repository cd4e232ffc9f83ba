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
    assert.deepEqual(compareScans(before, after), { added: [1], fixed: [0], stays: [[1, 0]] });
    assert.deepEqual(compareScans([], []), { added: [], fixed: [], stays: [] });
  });

  it('knows a finding again in another version and under another name of the image', () => {
    const before = [finding('CVE-1', { installedVersion: '1' })];
    const after = [finding('CVE-1', { installedVersion: '2', target: 'shop:2 (debian 13)' })];
    assert.deepEqual(compareScans(before, after), { added: [], fixed: [], stays: [[0, 0]] });
  });

  it('counts what occurs several times', () => {
    const inFile = (path: string) => finding('CVE-1', { class: 'lang-pkgs', path, target: 'Node.js' });
    assert.deepEqual(compareScans([inFile('/b')], [inFile('/a'), inFile('/b')]), {
      added: [0],
      fixed: [],
      stays: [[0, 1]],
    });
    assert.deepEqual(compareScans([finding('CVE-1'), finding('CVE-1')], [finding('CVE-1')]), {
      added: [],
      fixed: [1],
      stays: [[0, 0]],
    });
  });

  it('pairs the versions of a package that is there twice', () => {
    const version = (installedVersion: string) => finding('CVE-1', { package: 'linux', installedVersion });
    assert.deepEqual(compareScans([version('5'), version('6')], [version('6')]), {
      added: [],
      fixed: [0],
      stays: [[1, 0]],
    });
    assert.deepEqual(compareScans([version('5'), version('6')], [version('6'), version('7')]), {
      added: [],
      fixed: [],
      stays: [
        [1, 0],
        [0, 1],
      ],
    });
  });

  it('knows a library again whose file has its version in the name, or was moved', () => {
    const jar = (path: string) => finding('CVE-1', { class: 'lang-pkgs', package: 'log4j', path, target: 'Java' });
    const moves = [
      ['app/lib/log4j-core-2.14.1.jar', 'app/lib/log4j-core-2.15.0.jar'],
      [
        'usr/lib/python3.9/site-packages/pip-20.3.dist-info/METADATA',
        'usr/lib/python3.11/site-packages/pip-23.0.1.dist-info/METADATA',
      ],
      ['app/a.jar', 'srv/b.jar'],
    ] as const;
    for (const [before, after] of moves) {
      assert.deepEqual(compareScans([jar(before)], [jar(after)]), { added: [], fixed: [], stays: [[0, 0]] });
    }
    // Each is paired with the one that is most alike, whatever the order.
    const lists = [['x/log4j-2.1.jar', 'y/log4j-2.1.jar'], ['y/log4j-2.2.jar']] as const;
    assert.deepEqual(compareScans(lists[0].map(jar), lists[1].map(jar)).stays, [[1, 0]]);
  });

  it('takes a library for another than the system package of the same name', () => {
    const library = finding('CVE-1', { class: 'lang-pkgs', path: 'a' });
    assert.deepEqual(compareScans([finding('CVE-1')], [library]).added, [0]);
  });

  it('knows a secret again on another line, not in another file', () => {
    const secret = (path: string, line: number) =>
      ({
        ...finding('key', { kind: 'secret', class: 'secret', target: path, path, line }),
        package: undefined,
      }) as unknown as ScanFinding;
    assert.deepEqual(compareScans([secret('/a', 1)], [secret('/a', 9)]).stays, [[0, 0]]);
    assert.deepEqual(compareScans([secret('/a1', 1)], [secret('/b', 1)]).fixed, [0]);
  });

  it('compares a hundred thousand in little time', () => {
    const many = Array.from({ length: 100_000 }, (_, at) =>
      finding(`CVE-${at % 50_000}`, { installedVersion: `${at}` }),
    );
    assert.equal(compareScans(many, many.toReversed()).stays.length, 100_000);
  });
});
