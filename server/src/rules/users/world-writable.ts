import { defineRule, type FixProposal } from '../../lint/rule.ts';
import type { Stage } from '../../model/stage.ts';
import { stepsDownItself } from '../../model/startup.ts';
import { replace } from '../../text/edit.ts';
import type { Range } from '../../text/range.ts';
import { workOfRoot } from './rootWork.ts';

export const worldWritable = defineRule({
  id: 'world-writable',
  practice: 'users',
  summary: '`chmod` lets every user of the container write.',
  why: [
    'Mode 777 hides the question who owns a file: any process of any user in the container may replace the program or its settings, and what is mounted from the host into such a folder is as open. It is mostly written to let a program that does not run as root write somewhere.',
    '',
    'Give the folder to that user instead (`COPY --chown`, `chown` in the RUN that makes it). A folder for everybody, as `/tmp` is, needs the sticky bit: 1777.',
  ].join('\n'),
  severity: 'info',
  fix: 'suggestion',
  aliases: ['sonar/S2612', 'tally/world-writable-state-path-workaround'],
  examples: [
    {
      before: 'FROM debian:13\nCOPY start.sh /\nRUN chmod 777 /start.sh\nCMD ["/start.sh"]\n',
      after: 'FROM debian:13\nCOPY start.sh /\nRUN chmod 755 /start.sh\nCMD ["/start.sh"]\n',
    },
  ],
  check({ dockerfile, report }) {
    const found = (stage: Stage, range: Range, mode: string): void => {
      const isRoot = stage.effectiveUserAt('end').isRoot === true;
      // A server that steps down has workers of another user.
      const isNeeded = !isRoot || stepsDownItself(stage) !== false || workOfRoot(stage) !== undefined;
      report({
        range,
        message: `Mode ${mode} lets every user of the container write; let only the owner write, and give what the program writes to its user.`,
        fixes: isNeeded ? [] : narrower(range, mode),
        ...(isNeeded
          ? { withheld: 'Who the container runs as may need to write here: give it to that user with chown.' }
          : {}),
      });
    };
    for (const stage of dockerfile.shippedStages) {
      for (const command of stage.commands('chmod')) {
        const [mode, ...paths] = command.operands;
        if (!mode?.value || paths.length === 0 || !isWorldWritable(mode.value)) continue;
        if (paths.every((path) => isForEverybody.test(path.text))) continue;
        found(stage, mode.range, mode.value);
      }
      for (const copy of stage.copies) {
        const flag = copy.instruction.flags.find(({ name }) => name === 'chmod');
        if (flag?.value && flag.valueRange && isWorldWritable(flag.value)) found(stage, flag.valueRange, flag.value);
      }
    }
  },
});

/** Below `/tmp` everybody writes; tools keep their state where a variable says, so that any `--user` may run them. */
const isForEverybody = /^\/(?:var\/)?(?:tmp|lock)(?:\/|$)|^\/(?:dev|proc|sys|run)(?:\/|$)|^"?\$\{?\w+\}?"?\/?$|^"\$@"$/;

/** Octal modes in which others may write and that lack the sticky bit; of symbolic ones those that name others or all. */
function isWorldWritable(mode: string): boolean {
  const octal = /^0?([0-7]?)[0-7]{2}([0-7])$/.exec(mode);
  if (octal) return (Number(octal[2]) & 2) !== 0 && (Number(octal[1] || 0) & 1) === 0;
  const parts = mode.split(',');
  // `a+w` and the like on folders of tools is said on purpose; it is the numbers that are written by habit.
  return parts.some((part) => /^(?:g?o|a|ugo)[+=](?:rwx|wrx|rw?x?w)$|^o[+=]\w*w/.test(part)) && !/[+=]\w*t/.test(mode);
}

function narrower(range: Range, mode: string): readonly FixProposal[] {
  const octal = /^(0?[0-7]?)([0-7])([0-7])([0-7])$/.exec(mode);
  const title = (to: string): string => `Let only the owner write: ${to} (another user of the container no longer can)`;
  if (octal) {
    const [, special = '', owner, group, others] = octal;
    const to = `${special}${owner}${Number(group) & ~2}${Number(others) & ~2}`;
    return [{ title: title(to), edits: [replace(range, to)], preferred: true }];
  }
  // `a+rwx` is the owner's and everybody's in one.
  const all = /^(?:a|ugo)([+=])([rwxX]+)$/.exec(mode);
  if (!all || !/[rxX]/.test(all[2]!)) return [];
  const to = `u${all[1]}${all[2]},go${all[1]}${all[2]!.replace('w', '')}`;
  return [{ title: title(to), edits: [replace(range, to)], preferred: true }];
}
