import { defineRule } from '../../lint/rule.ts';
import type { Run } from '../../model/run.ts';
import { insertBehind } from '../../model/scriptEdits.ts';

export const condaCacheKept = defineRule({
  id: 'conda-cache-kept',
  practice: 'packages',
  summary: '`conda install` keeps downloaded archives and indexes in the image.',
  why:
    'conda and mamba keep every archive they download beside the unpacked package, often several hundred MB. ' +
    '`conda clean` removes archives, indexes and packages that no environment uses; it saves space only in the `RUN` ' +
    'that installed them.',
  severity: 'info',
  fix: 'safe',
  changes: ['clean-up'],
  aliases: [],
  examples: [
    {
      before: 'FROM continuumio/miniconda3:25.3.1-1\nRUN conda install -y numpy\n',
      after: 'FROM continuumio/miniconda3:25.3.1-1\nRUN conda install -y numpy && conda clean -ay\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const run of dockerfile.shippedStages.flatMap((stage) => stage.allRuns)) {
      const installs = run.packageUses
        .filter((use) => use.manager === 'conda' && use.action !== 'clean' && use.action !== 'remove')
        .map((use) => use.command);
      const last = installs.at(-1);
      if (!last || run.form === 'exec' || isCleaned(run)) continue;
      const { caller } = last;
      const edit = caller === undefined ? undefined : insertBehind(last, `${caller} clean -ay`);
      report({
        range: installs[0]!.subcommandRange,
        message: `What ${last.name} downloads stays in the image; run ${last.name} clean -ay in the same RUN.`,
        ...(edit
          ? { fixes: [{ title: `Add ${last.name} clean -ay`, edits: [edit] }] }
          : { withheld: 'There is no certain place in the script for the clean-up.' }),
      });
    }
  },
});

function isCleaned(run: Run): boolean {
  if (run.hasMountMatching(/(?:pkgs|conda\d?|mamba)\/?$/) || run.removes(/pkgs|conda|mamba/)) return true;
  return run.commands.some(
    (command) =>
      /clean/i.test(command.shell.nameWord?.text ?? '') ||
      (/^(?:conda|mamba|micromamba)$/.test(command.name) && command.subcommand === 'clean'),
  );
}
