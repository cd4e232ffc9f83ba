import type { Report } from '../../lint/rule.ts';
import { defineRule } from '../../lint/rule.ts';
import type { Command } from '../../model/command.ts';
import type { Run } from '../../model/run.ts';
import { appendToScript } from '../../model/scriptEdits.ts';
import { startupOf } from '../../model/startup.ts';
import type { Stage } from '../../model/stage.ts';
import type { Range } from '../../text/range.ts';

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
  changes: ['clean-up'],
  aliases: ['hadolint/DL3009', 'kics/apt_get_install_lists_were_not_deleted', 'sonar/S6587'],
  examples: [
    {
      before: 'FROM debian:13\nRUN apt-get update && apt-get install -y curl\n',
      after: 'FROM debian:13\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const run of dockerfile.shippedStages.flatMap((stage) => stage.allRuns)) {
      const update = updateOf(run);
      // A RUN that does nothing else is update-without-install's.
      if (!update || isCleaned(run) || (run.form !== 'exec' && run.commands.length === 1)) continue;
      report({
        range: update.subcommandRange,
        message: 'The package lists that apt-get update downloads stay in the image; remove them in the same RUN.',
        ...repair(run, update),
      });
    }
  },
});

function updateOf(run: Run): Command | undefined {
  if (run.hasMountMatching(/^\/var\/lib\/apt(?:\/lists)?\/?$|^\/var(?:\/lib)?\/?$/)) return undefined;
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
  if (needed) return { withheld: `The lists are needed later: ${needed}. Give it its own apt-get update first.` };
  const hasSudo = update.shell.wrappers.some((word) => word.value === 'sudo');
  if (!hasSudo && run.stage.effectiveUserAt(run.instruction).isRoot === false)
    return { withheld: 'The RUN does not run as root, so it could not remove the lists.' };
  const edit = appendToScript(run, `${hasSudo ? 'sudo ' : ''}rm -rf /var/lib/apt/lists/*`);
  if (!edit)
    return { withheld: 'The script does not end in a plain command, so there is no certain place for the clean-up.' };
  const title = 'Remove the package lists at the end of this RUN';
  const script = laterScript(run);
  if (script)
    return {
      fixes: [{ title: `${title} (${script}, run later, must not need them)`, safety: 'suggestion', edits: [edit] }],
    };
  return { fixes: [{ title, edits: [edit] }] };
}

/** What a later instruction that sees this layer does with the lists; undefined when nothing does. */
function laterNeed(run: Run): string | undefined {
  const { start } = run.instruction.range;
  const { triggers, needs } = heritageOf(run.stage);
  if (triggers.some((each) => each.start > start)) return 'an ONBUILD trigger uses apt';
  const { finalStage } = run.stage.dockerfile;
  if (finalStage && /\bapt(?:-get)?\b[^;&|\n]*\binstall\b/.test(startupOf(finalStage).text))
    return 'what starts in the container installs packages';
  return needs.find((each) => each.start > start)?.what;
}

/** A script that a later RUN starts and that may install packages; undefined when none does, or its text can be seen. */
function laterScript(run: Run): string | undefined {
  return heritageOf(run.stage).scripts.find((each) => each.start > run.instruction.range.start)?.what;
}

/** What the instructions of a stage and of those built on it do with the lists, in order. */
interface Heritage {
  readonly triggers: readonly Range[];
  readonly needs: readonly Place[];
  readonly scripts: readonly Place[];
}

interface Place {
  readonly start: number;
  readonly what: string;
}

/** One look at each stage, or a file of many RUNs would be read once for each of them. */
const heritages = new WeakMap<Stage, Heritage>();

function heritageOf(stage: Stage): Heritage {
  let heritage = heritages.get(stage);
  if (!heritage) {
    const heirs = stage.dockerfile.stages.filter((each) => each.chain.includes(stage));
    const runs = heirs.flatMap((each) => each.runs);
    const places = (read: (run: Run) => string | undefined): Place[] =>
      runs.flatMap((run) => {
        const what = read(run);
        return what === undefined ? [] : [{ start: run.instruction.range.start, what }];
      });
    heritage = {
      triggers: heirs
        .flatMap((each) => each.instructions)
        .filter((each) => each.trigger && /\bapt/.test(each.trigger.argsText))
        .map((each) => each.range),
      needs: places(needOf),
      scripts: places(scriptOf),
    };
    heritages.set(stage, heritage);
  }
  return heritage;
}

function scriptOf(run: Run): string | undefined {
  const { context } = run.stage.dockerfile;
  for (const command of run.commands) {
    const isShell = /^(?:sh|bash|ash|source|\.)$/.test(command.name);
    const word = isShell ? command.operands[0] : command.shell.nameWord;
    const path = word?.value;
    if (path === undefined || !/\.(?:sh|bash)$/.test(path)) continue;
    const name = path.split('/').pop()!;
    const seen =
      context?.files.filter((file) => file.split('/').pop() === name).map((file) => context.read(file) ?? 'apt') ?? [];
    if (seen.length === 0 || seen.some((text) => /\bapt\b/.test(text))) return name;
  }
  return undefined;
}

function needOf(run: Run): string | undefined {
  if (run.script && !run.script.complete && /\bapt\b/.test(run.scriptText))
    return 'a script that could not be read uses apt';
  const updates = run.commands.filter((command) => refreshesLists(command, run));
  for (const command of run.commands) {
    if (updates.some((update) => update.range.start < command.range.start && surelyRuns(update, command))) continue;
    const use = run.packageUses.find((each) => each.command.range.start === command.range.start);
    if (use?.manager === 'apt' && (use.action === 'install' || use.action === 'upgrade')) {
      return `${command.name} ${command.subcommand} without update`;
    }
    if (/^(?:apt-cache|tasksel|gdebi|mk-build-deps|rosdep|apt-file|add-apt-repository)$/.test(command.name))
      return command.name;
    if (
      ['apt', 'apt-get'].includes(command.name) &&
      ['source', 'download', 'show', 'search'].includes(command.subcommand ?? '')
    ) {
      return `${command.name} ${command.subcommand}`;
    }
  }
  return undefined;
}

/** Whether the update has run when the command does: always, or because both stand in the same branch. */
function surelyRuns(update: Command, command: Command): boolean {
  if (update.shell.unconditional) return true;
  const between = update.stage.dockerfile.text.slice(update.range.end, command.range.start);
  const isSameBranch = !/\b(?:fi|done|esac|else|elif)\b|[)}]|;;|\|\|/.test(between);
  return isSameBranch && update.shell.within.every((construct, index) => command.shell.within[index] === construct);
}

/** NodeSource's set-up script runs `apt-get update` before anything else. */
function refreshesLists(command: Command, run: Run): boolean {
  if (
    run.packageUses.some(
      (use) =>
        use.command.range.start === command.range.start && use.manager === 'apt' && use.action === 'update-lists',
    )
  )
    return true;
  return (
    command.args.some((word) => /nodesource\.com\/setup_/.test(word.text)) &&
    /\|\s*(?:sudo\s+(?:-E\s+)?)?(?:ba)?sh\b/.test(run.scriptText)
  );
}
