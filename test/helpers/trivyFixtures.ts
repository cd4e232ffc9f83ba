import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './repositoryRoot.ts';

export const trivyReports = join(repositoryRoot, 'test/fixtures/trivy-reports');

/** The text of a recorded report, `alpine-310` for one. */
export function trivyReport(name: string): string {
  return readFileSync(join(trivyReports, `${name}.json`), 'utf8');
}

/** The stand-in for Trivy; an executable file, run like the real one. */
export const fakeTrivy = join(repositoryRoot, 'test/helpers/fakeTrivy.mjs');
