import assert from 'node:assert/strict';
import { buildModel } from '../../../server/src/model/dockerfile.ts';
import type { ScanFinding } from '../../../server/src/scan/report.ts';
import { applyEdits } from '../../../server/src/text/edit.ts';
import { pinEdits } from './pinEdits.ts';

const finding = (name: string, installedVersion: string, fixedVersion?: string): ScanFinding => ({
  ...{ kind: 'vulnerability', id: 'CVE-1', severity: 'high', references: [], target: 'x', class: 'os-pkgs' },
  ...{ package: name, installedVersion, ...(fixedVersion === undefined ? {} : { fixedVersion }) },
});

function repaired(text: string, ...findings: ScanFinding[]): string {
  const dockerfile = buildModel(text);
  const edits = dockerfile.instructions.flatMap((each) => pinEdits(dockerfile, each, findings));
  return applyEdits(
    text,
    edits.map(({ edit }) => edit),
  );
}

const text = 'FROM debian:12\nRUN apt-get update && apt-get install -y curl=7.88.1-10 git\n';

describe('pinEdits', () => {
  it('raises a pinned version to the fixed one', () => {
    assert.equal(
      repaired(text, finding('curl', '7.88.1-10', '7.88.1-10+deb12u5'), finding('curl', '7.88.1-10')),
      text.replace('7.88.1-10', '7.88.1-10+deb12u5'),
    );
  });

  it('leaves alone what is not pinned, not fixed, or another version', () => {
    assert.equal(repaired(text, finding('git', '1', '2'), finding('curl', '7.88.1-10')), text);
    assert.equal(repaired(text, finding('curl', '7.88.1-9', '8')), text);
  });

  it('does not choose between versions, nor take what is no version', () => {
    assert.equal(repaired(text, finding('curl', '7.88.1-10', '8'), finding('curl', '7.88.1-10', '9')), text);
    assert.equal(repaired(text, finding('curl', '7.88.1-10', '8, 9')), text);
    assert.equal(repaired(text, finding('curl', '7.88.1-10', '8; rm -rf /')), text);
  });
});
