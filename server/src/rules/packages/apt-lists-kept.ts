import type { Report } from '../../lint/rule.ts';
import { defineRule } from '../../lint/rule.ts';
import type { Command } from '../../model/command.ts';
import type { Run } from '../../model/run.ts';
import { appendToScript } from '../../model/scriptEdits.ts';
import type { Stage } from '../../model/stage.ts';

const lists = /\/var\/lib\/(?:apt\b|\{[^}\s]*\bapt\b|\*)/;

export const aptListsKept = defineRule({
  id: 'apt-lists-kept',
  practice: 'packages',
  summary: 'The package lists that `apt-get update` downloads stay in the image.',
  why:
    'The lists under `/var/lib/apt/lists` take 20 to 50 MB and are out of date within days; nothing in a running ' +
    'container reads them. A layer only shrinks when they are removed in the same `RUN` that downloads them: a later ' +
    '`rm` hides the files and keeps their weight. `apt-get clean` does not touch them.',
  severity: 'info',
  fix: 'safe',
  aliases: ['hadolint/DL3009', 'kics/apt_get_install_lists_were_not_deleted', 'sonar/S6587'],
  examples: [
    {
      before: 'FROM debian:13\nRUN apt-get update && apt-get install -y curl\n',
      after: 'FROM debian:13\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const run of dockerfile.shippedStages.flatMap((stage) => stage.runs)) {
      const update = updateOf(run);
      if (!update || isCleaned(run)) continue;
      report({
        range: update.subcommandRange,
        message: 'The package lists that apt-get update downloads stay in the image; remove them in the same RUN.',
        ...repair(run, update),
      });
    }
  },
});

function updateOf(run: Run): Command | undefined {
  if (run.form === 'exec' || run.hasMountMatching(/^\/var\/lib\/apt(?:\/lists)?\/?$|^\/var(?:\/lib)?\/?$/)) return undefined;
  const updates = run.packageUses.filter((use) => use.manager === 'apt' && use.action === 'update-lists');
  return updates.map((use) => use.command).find((command) => !command.args.some((word) => /Dir::/.test(word.text)));
}

/** A helper with "clean" in its name (`apt-get distclean`, `/scripts/clean.sh`) is believed. */
function isCleaned(run: Run): boolean {
  if (run.removes(lists)) return true;
  return run.commands.some((command) => {
    if (command.name === 'apt-get' || command.name === 'apt') return /^dist-?clean$/.test(command.subcommand ?? '');
    const leaves = run.packageUses.some((use) => use.command.range.start === command.range.start);
    const changesToLists = command.name === 'cd' && /\/var\/lib\/apt/.test(command.args[0]?.text ?? '');
    return changesToLists || (!leaves && /clean/i.test(command.shell.nameWord?.text ?? ''));
  });
}

function repair(run: Run, update: Command): Pick<Report, 'fixes' | 'withheld'> {
  const needed = laterNeed(run);
  if (needed) return { withheld: `A later RUN needs the lists: ${needed}. Give it its own apt-get update first.` };
  const hasSudo = update.shell.wrappers.some((word) => word.value === 'sudo');
  if (!hasSudo && run.stage.effectiveUserAt(run.instruction).isRoot === false) return { withheld: 'The RUN does not run as root, so it could not remove the lists.' };
  const edit = appendToScript(run, `${hasSudo ? 'sudo ' : ''}rm -rf /var/lib/apt/lists/*`);
  if (!edit) return { withheld: 'The script does not end in a plain command, so there is no certain place for the clean-up.' };
  return { fixes: [{ title: 'Remove the package lists at the end of this RUN', edits: [edit] }] };
}

/** What a later instruction that sees this layer does with the lists; undefined when nothing does. */
function laterNeed(run: Run): string | undefined {
  const { stage } = run;
  const { dockerfile } = stage;
  const heirs = dockerfile.stages.filter((each) => each.chain.includes(stage));
  const isLater = (each: { readonly range: { readonly start: number } }): boolean => each.range.start > run.instruction.range.start;
  if (dockerfile.shippedStages.some((each) => each.instructions.some((one) => one.trigger && isLater(one) && /\bapt/.test(one.trigger.argsText)))) {
    return 'an ONBUILD trigger uses apt';
  }
  for (const later of heirs.flatMap((each: Stage) => each.runs).filter((each) => isLater(each.instruction))) {
    const need = needOf(later);
    if (need) return need;
  }
  return undefined;
}

function needOf(run: Run): string | undefined {
  if (run.script && !run.script.complete && /\bapt\b/.test(run.scriptText)) return 'a script that could not be read uses apt';
  let updated = false;
  for (const command of run.commands) {
    const use = run.packageUses.find((each) => each.command.range.start === command.range.start);
    if (refreshesLists(command, run)) updated = true;
    if (updated) return undefined;
    if (use?.manager === 'apt' && (use.action === 'install' || use.action === 'upgrade')) return `${command.name} ${command.subcommand} without update`;
    if (/^(?:apt-cache|tasksel|gdebi|mk-build-deps|rosdep|apt-file|add-apt-repository)$/.test(command.name)) return command.name;
    if (['apt', 'apt-get'].includes(command.name) && ['source', 'download', 'show', 'search'].includes(command.subcommand ?? '')) return `${command.name} ${command.subcommand}`;
  }
  return undefined;
}

/** NodeSource's set-up script runs `apt-get update` before anything else. */
function refreshesLists(command: Command, run: Run): boolean {
  if (run.packageUses.some((use) => use.command.range.start === command.range.start && use.manager === 'apt' && use.action === 'update-lists')) return command.shell.unconditional;
  return command.args.some((word) => /nodesource\.com\/setup_/.test(word.text)) && /\|\s*(?:sudo\s+(?:-E\s+)?)?(?:ba)?sh\b/.test(run.scriptText);
}
