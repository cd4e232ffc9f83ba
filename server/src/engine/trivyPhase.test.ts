import assert from 'node:assert/strict';
import { trivyPhase } from './trivyPhase.ts';

const line = (message: string) => `2026-08-21T12:00:00Z\tINFO\t${message}`;

describe('trivyPhase', () => {
  it('names the phases', () => {
    assert.match(trivyPhase(line('[vulndb] Downloading vulnerability DB...')) ?? '', /Downloading the vulnerability/);
    assert.match(trivyPhase(line('[javadb] Downloading Java DB...')) ?? '', /Java/);
    assert.match(trivyPhase(line('[vuln] Vulnerability scanning is enabled')) ?? '', /layers/);
    assert.equal(
      trivyPhase(line('Detected OS\tfamily="alpine" version="3.10.2"')),
      'Looking up packages of alpine 3.10.2',
    );
  });

  it('is silent about everything else', () => {
    for (const text of ['', 'x', line('[secret] Secret scanning is enabled'), 'Detected OS']) {
      assert.equal(trivyPhase(text), undefined);
    }
  });
});
