import { defineRule, type Report } from '../../lint/rule.ts';
import type { Command } from '../../model/command.ts';
import type { Run } from '../../model/run.ts';
import { appendToScript, insertBehind } from '../../model/scriptEdits.ts';

export const dnfCacheKept = defineRule({
  id: 'dnf-cache-kept',
  practice: 'packages',
  summary: 'Metadata and packages that dnf, yum, microdnf, tdnf or zypper download stay in the image.',
  why:
    'RPM package managers keep repository metadata (and, depending on their settings, the packages) under `/var/cache`: ' +
    'often more than 100 MB that no container reads. They load it again by themselves when they need it, so it can go ' +
    'in the same `RUN`; a clean-up in a later one no longer makes the image smaller.',
  severity: 'info',
  fix: 'safe',
  changes: ['clean-up'],
  aliases: [
    'hadolint/DL3032',
    'hadolint/DL3036',
    'hadolint/DL3040',
    'trivy/DS-0015',
    'trivy/DS-0019',
    'trivy/DS-0020',
    'trivy/DS-0027',
    'kics/yum_clean_all_missing',
    'kics/missing_dnf_clean_all',
    'kics/missing_zypper_clean',
  ],
  examples: [
    {
      before: 'FROM almalinux:9\nRUN dnf install -y nginx\n',
      after: 'FROM almalinux:9\nRUN dnf install -y nginx && dnf clean all\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const run of dockerfile.shippedStages.flatMap((stage) => stage.allRuns)) {
      const uses = run.packageUses.filter((use) => use.manager === 'dnf' || use.manager === 'zypper');
      const loading = uses
        .filter((use) => ['install', 'upgrade', 'update-lists'].includes(use.action))
        .map((use) => use.command);
      const last = loading.at(-1);
      if (!last || run.form === 'exec' || loading.some(isElsewhere) || isCleaned(run, last)) continue;
      // What a RUN further down the same row cleans is cleanup-in-later-layer's: merged, it needs no clean-up of its own.
      if (rowBelow(run).some((below) => isCleaned(below, undefined))) continue;
      report({
        range: loading[0]!.subcommandRange,
        message: `What ${last.name} downloads stays in the image; run ${cleanUp(last)} in the same RUN.`,
        ...repair(run, last),
      });
    }
  },
});

function isElsewhere(command: Command): boolean {
  const others = ['--installroot', '--root', '-R', '--cacheonly', '-C', '--downloadonly', '--assumeno'];
  return (
    command.hasOption(...others) ||
    command.mayHold('--installroot') ||
    command.args.some((word) => /cachedir=/.test(word.text))
  );
}

/** The RUNs that directly follow, with nothing between them. */
function rowBelow(run: Run): readonly Run[] {
  const { instructions, runs } = run.stage;
  if (run.instruction.isTrigger) return [];
  const below = instructions.slice(instructions.indexOf(run.instruction) + 1);
  const end = below.findIndex((each) => each.keyword !== 'RUN');
  const row = end < 0 ? below : below.slice(0, end);
  return runs.filter((each) => row.includes(each.instruction));
}

/** Whether the RUN cleans up behind the command, or at all. A helper with "clean" in its name is believed. */
function isCleaned(run: Run, last: Command | undefined): boolean {
  if (run.hasMountMatching(/^\/var(?:\/cache(?:\/(?:yum|dnf|libdnf5|zypp|tdnf)(?:\/.*)?)?)?\/?$/)) return true;
  if (run.removes(/\/var\/cache|\/var\/\{[^}\s]*cache/)) return true;
  const managers = /^(?:yum|dnf5?|microdnf|tdnf|zypper)$/;
  return run.commands.some((command) => {
    if (last && command.range.start < last.range.start) return false;
    if (managers.test(command.name))
      return (
        ['clean', 'cc'].includes(command.subcommand ?? '') &&
        !command.args.some((word) => word.value === 'expire-cache')
      );
    return /clean/i.test(command.shell.nameWord?.text ?? '');
  });
}

function cleanUp(last: Command): string {
  const program = last.shell.nameWord?.text ?? last.name;
  if (last.name === 'zypper') return `${program} clean -a`;
  return last.name === 'yum' ? `${program} clean all && rm -rf /var/cache/yum` : `${program} clean all`;
}

function repair(run: Run, last: Command): Pick<Report, 'fixes' | 'withheld'> {
  const hasSudo = last.shell.wrappers.some((word) => word.value === 'sudo');
  const text = hasSudo ? cleanUp(last).replace(/^|(?<=&& )/g, 'sudo ') : cleanUp(last);
  if (!hasSudo && run.stage.effectiveUserAt(run.instruction).isRoot === false)
    return { withheld: 'The RUN does not run as root, so it could not clean up.' };
  const edit = appendToScript(run, text) ?? insertBehind(last, text);
  if (!edit) return { withheld: 'There is no certain place in the script for the clean-up.' };
  return { fixes: [{ title: `Add ${cleanUp(last)}`, edits: [edit] }] };
}
