import { defineRule, type Report } from '../../lint/rule.ts';
import type { Command } from '../../model/command.ts';
import type { Run } from '../../model/run.ts';
import { isEditable, removeFromScript } from '../../model/scriptEdits.ts';
import { type Edit, insertAfter, remove } from '../../text/edit.ts';

export const apkCacheKept = defineRule({
  id: 'apk-cache-kept',
  practice: 'packages',
  summary: '`apk add` without `--no-cache` leaves the package index in the image.',
  why:
    'Without `--no-cache`, apk needs an index that `apk update` or `-U` writes to `/var/cache/apk`, where it stays. ' +
    'With it, apk downloads the index, uses it and keeps nothing, so neither the update nor a clean-up is needed.',
  severity: 'info',
  fix: 'safe',
  changes: ['command-words', 'commands'],
  aliases: ['hadolint/DL3019', 'trivy/DS-0025', 'kics/apk_add_using_local_cache_path'],
  examples: [
    {
      before: 'FROM alpine:3.22\nRUN apk update && apk add curl\n',
      after: 'FROM alpine:3.22\nRUN apk add --no-cache curl\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const run of dockerfile.shippedStages.flatMap((stage) => stage.allRuns)) {
      const apk = run.commands.filter((command) => command.name === 'apk');
      if (apk.length === 0 || keepsElsewhere(run, apk)) continue;
      const adds = apk.filter((command) => command.subcommand === 'add');
      const keeping = adds.filter((add) => !add.hasOption('--no-cache') && !add.mayHold('--no-cache'));
      for (const add of keeping) {
        report({
          range: add.subcommandRange,
          message: 'apk add leaves the package index in the image; add --no-cache.',
          ...repair(add, keeping.length === 1 ? apk : []),
        });
      }
      if (keeping.length === 0 && adds.length > 0) reportUpdate(apk, report);
    }
  },
});

/** Mounts, removed afterwards, or another root or cache: then nothing of it is in this layer. */
function keepsElsewhere(run: Run, apk: readonly Command[]): boolean {
  if (
    run.form === 'exec' ||
    run.network === 'none' ||
    run.hasMountMatching(/\/apk(?:\/cache)?\/?$|^\/var(?:\/cache)?\/?$/)
  )
    return true;
  if (
    run.removes(/\/var\/cache\/(?:apk|\*|\{[^}\s]*apk)|\/etc\/apk\/cache/) ||
    /\/etc\/apk\/cache/.test(run.scriptText)
  )
    return true;
  const others = ['--cache-dir', '--root', '-p', '--initdb', '--no-network', '--simulate', '-s'];
  return apk.some((command) => command.subcommand === 'cache' || command.hasOption(...others));
}

function repair(add: Command, apk: readonly Command[]): Pick<Report, 'fixes' | 'withheld'> {
  const { run } = add;
  if (!isEditable(run)) return { withheld: 'The script could not be read as a whole.' };
  const edits: Edit[] = [insertAfter(add.subcommandRange, ' --no-cache')];
  for (const word of add.args.filter((each) => /^(?:-U|--update|--update-cache)$/.test(each.text))) {
    const blanks = /(?<=\S)[ \t]+$/.exec(run.stage.dockerfile.text.slice(0, word.range.start));
    if (!blanks) continue;
    const range = { start: word.range.start - blanks[0].length, end: word.range.end };
    // `add -U curl`: the option makes room for the new one.
    if (range.start === add.subcommandRange.end) edits[0] = { range, newText: ' --no-cache' };
    else edits.push(remove(range));
  }
  const update = uselessUpdate(add, apk);
  if (update) edits.push(update);
  const replaced = add.args.find((each) => /^(?:-U|--update|--update-cache)$/.test(each.text))?.text;
  const title = replaced ? `Write --no-cache for ${replaced}` : 'Add --no-cache';
  return { fixes: [{ title: update ? `${title} and drop apk update` : title, edits }] };
}

/** `apk update` serves this add alone: no other command of the stage reads the index. */
function uselessUpdate(add: Command, apk: readonly Command[]): Edit | undefined {
  const update = apk.find((command) => command.subcommand === 'update');
  if (!update || update.range.start > add.range.start || apk.length !== 2 || isIndexReadLater(add.run))
    return undefined;
  return removeFromScript(update);
}

function reportUpdate(apk: readonly Command[], report: (report: Report) => void): void {
  const update = apk.find((command) => command.subcommand === 'update');
  if (
    !update ||
    apk.some((command) => command !== update && !command.hasOption('--no-cache') && command.subcommand !== 'del')
  )
    return;
  if (update.args.length !== 1 || isIndexReadLater(update.run)) return;
  const edit = removeFromScript(update);
  report({
    range: update.subcommandRange,
    message: 'apk update leaves its index in the image and apk add --no-cache does not use it; remove it.',
    tags: ['unnecessary'],
    ...(edit ? { fixes: [{ title: 'Remove apk update', edits: [edit] }] } : {}),
  });
}

function isIndexReadLater(run: Run): boolean {
  const { stage } = run;
  const heirs = stage.dockerfile.stages.filter((each) => each.chain.includes(stage));
  return heirs
    .flatMap((each) => each.runs)
    .filter((later) => later.instruction.range.start > run.instruction.range.start)
    .some((later) =>
      later.commands.some(
        (command) => command.name === 'apk' && !command.hasOption('--no-cache') && command.subcommand !== 'del',
      ),
    );
}
