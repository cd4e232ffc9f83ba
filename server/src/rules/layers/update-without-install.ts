import { defineRule, type FixProposal } from '../../lint/rule.ts';
import type { Manager, PackageUse } from '../../model/packages.ts';
import type { Run } from '../../model/run.ts';
import { dropRun } from './dropRun.ts';
import { mergeRow } from './mergeRow.ts';
import { refreshBefore } from './refreshLists.ts';
import { costOf } from './runCost.ts';

/** Managers that keep lists which a later install reads; others refresh them themselves. */
const managers: readonly Manager[] = ['apt', 'apk', 'zypper', 'pacman'];

export const updateWithoutInstall = defineRule({
  id: 'update-without-install',
  practice: 'layers',
  summary: 'Package lists are refreshed in a `RUN` of their own, so installs keep using old ones.',
  why: [
    'The build cache keeps the layer of `apt-get update` until its line changes. Weeks later the installs below still use',
    'the lists of that day: they bring outdated packages, or fail because the server no longer has them. The lists also',
    'stay in the image. Refresh, install and clean up in one `RUN`.',
  ].join('\n'),
  severity: 'warning',
  fix: 'safe',
  changes: ['layers', 'run-flags'],
  aliases: ['trivy/DS-0017', 'checkov/CKV_DOCKER_5', 'kics/update_instruction_alone', 'sonar/S6595'],
  examples: [
    {
      before: 'FROM debian:13\nRUN apt-get update\nRUN apt-get install -y curl\n',
      after: 'FROM debian:13\nRUN apt-get update \\\n    && apt-get install -y curl\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const run of dockerfile.runs) {
      const update = updateAlone(run);
      if (!update) continue;
      const { runs } = run.stage;
      const install = runs
        .slice(runs.indexOf(run) + 1)
        .find((later) => later.installs.some((use) => use.manager === update.manager));
      report({
        range: update.command.range,
        message: install
          ? 'The cache keeps these lists while later installs change, and they grow old; refresh them in the RUN that installs.'
          : 'These lists grow old in the cache and stay in the image; refresh them in the RUN that installs.',
        related: install ? [{ range: install.installs[0]!.command.range, message: 'This install uses them.' }] : [],
        fixes: install ? fixesFor(run, install) : [],
      });
    }
  },
});

/** The update of a RUN that does nothing else with the package manager. */
export function updateAlone(run: Run): PackageUse | undefined {
  const update = run.packageUses.find((use) => use.action === 'update-lists' && managers.includes(use.manager));
  if (!update || run.hasMountMatching(/^\/var\/(?:lib\/apt|cache\/apk)/)) return undefined;
  const isUsed = run.packageUses.some(
    (use) => use.manager === update.manager && use.action !== 'update-lists' && use.action !== 'clean',
  );
  // What else it runs may install; what it removes again harms nobody.
  return isUsed || costOf(run) === 'work' || run.removes(/\/var\/(?:lib\/apt|cache\/apk)/) ? undefined : update;
}

function fixesFor(run: Run, install: Run): FixProposal[] {
  const row = mergeRow(run, install);
  // Nothing is lost by one RUN for both: the lists have to be fresh for each change of the install.
  const isNext = run.stage.dockerfile.neighbour(run.instruction, 1) === install.instruction;
  if (row && (isNext || row.isFree))
    return [{ title: 'Merge it into the RUN that installs', edits: row.edits, safety: 'safe' }];
  if (row)
    return [
      {
        title: 'Merge all up to the RUN that installs (an edit runs all of it again)',
        edits: row.edits,
        safety: 'suggestion',
      },
    ];
  const use = install.installs.find((each) => each.manager === run.packageUses[0]!.manager)!;
  const added = install.stage === run.stage && run.commands.length === 1 ? refreshBefore(use.command) : undefined;
  const dropped = added && dropRun(run);
  if (!dropped) return [];
  return [
    {
      title: 'Move it into the RUN that installs (what stands between no longer finds the lists)',
      edits: [dropped, added],
      safety: 'suggestion',
    },
  ];
}
