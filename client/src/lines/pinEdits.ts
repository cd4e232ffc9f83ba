import { Run } from '../../../server/src/model/run.ts';
import type { Dockerfile } from '../../../server/src/model/dockerfile.ts';
import { isFixable, type ScanFinding } from '../../../server/src/scan/report.ts';
import type { Instruction } from '../../../server/src/syntax/instruction.ts';
import type { Edit } from '../../../server/src/text/edit.ts';

/** A version written in a RUN that a scan found vulnerable, and the one that repairs it. */
export interface PinEdit {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** How many findings it repairs. */
  readonly findings: number;
  readonly edit: Edit;
}

/**
 * Versions pinned in a RUN that can be raised to the fixed ones. Only where one version repairs all that is known of the
 * package: which of several is the newest is for the package manager to say.
 */
export function pinEdits(
  dockerfile: Dockerfile,
  instruction: Instruction,
  findings: readonly ScanFinding[],
): PinEdit[] {
  const stage = dockerfile.stageOf(instruction);
  if (!stage || instruction.keyword !== 'RUN') return [];
  const installs = new Run(instruction, stage).packageUses.filter(({ action }) => action === 'install');
  return installs.flatMap(({ packages }) =>
    packages.flatMap(({ name, version, range }): PinEdit[] => {
      if (version === undefined) return [];
      const own = findings.filter((each) => each.package === name && each.installedVersion === version);
      const fixed = [...new Set(own.filter(isFixable).map(({ fixedVersion }) => fixedVersion!))];
      const word = dockerfile.slice(range);
      const at = word.lastIndexOf(version);
      const [to] = fixed;
      if (fixed.length !== 1 || to === undefined || at < 0 || !/^[\w.+:~-]+$/.test(to)) return [];
      const start = range.start + at;
      const edit = { range: { start, end: start + version.length }, newText: to };
      return [{ name, from: version, to, findings: own.length, edit }];
    }),
  );
}
