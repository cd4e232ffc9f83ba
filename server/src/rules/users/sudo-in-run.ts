import { defineRule } from '../../lint/rule.ts';
import type { Run } from '../../model/run.ts';
import { remove } from '../../text/edit.ts';

export const sudoInRun = defineRule({
  id: 'sudo-in-run',
  practice: 'users',
  summary: '`sudo` in a RUN that already runs as root.',
  why: 'A build step runs as the user that `USER` names, root by default, so sudo has nothing to add. It hides the variables of the build from the command, may ask for a terminal, and keeps a tool in the image that later lets a broken-in process become root.',
  severity: 'info',
  fix: 'suggestion',
  aliases: [
    'hadolint/DL3004',
    'trivy/DS-0010',
    'checkov/CKV2_DOCKER_1',
    'kics/run_using_sudo',
    'semgrep/no-sudo-in-dockerfile',
    'dockle/DKL-DI-0001',
  ],
  examples: [
    {
      before: 'FROM debian:13\nRUN sudo apt-get update\n',
      after: 'FROM debian:13\nRUN apt-get update\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const run of dockerfile.stages.flatMap((stage) => stage.allRuns)) {
      if (!isRoot(run)) continue;
      for (const command of run.commands) {
        const [first, ...options] = command.shell.wrappers;
        if (first?.value !== 'sudo' || !command.shell.nameWord) continue;
        // With -u, -g, -i or -s it does more than nothing.
        const plain = options.every((word) =>
          /^-[EHnS]+$|^--(?:preserve-env|set-home|non-interactive)$/.test(word.text),
        );
        const range = { start: first.range.start, end: command.shell.nameWord.range.start };
        const isSimple = plain && /^sudo[ \t]+(?:-[\w-]+[ \t]+)*$/.test(dockerfile.slice(range));
        report({
          range: first.range,
          message: 'This RUN is root already; remove sudo.',
          fixes: isSimple
            ? [
                {
                  title: 'Remove sudo (the command then sees the variables that sudo hid)',
                  edits: [remove(range)],
                  preferred: true,
                },
              ]
            : [],
        });
      }
    }
  },
});

/** Triggers run as the user that the image ends with, unless one of them changes that. */
function isRoot({ stage, instruction }: Run): boolean {
  if (!instruction.isTrigger) return stage.effectiveUserAt(instruction).isRoot === true;
  const changes = stage.instructions.some(({ trigger }) => trigger?.keyword === 'USER');
  return !changes && stage.effectiveUserAt('end').isRoot === true;
}
