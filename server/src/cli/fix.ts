import { rename, rm, stat, writeFile, chmod, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { fixText } from '../lint/analyse.ts';
import { anyFix, safeFix } from '../lint/fix/apply.ts';
import { allRules } from '../rules/index.ts';
import { unifiedDiff } from '../text/diff.ts';
import { check, checkFlags, checkFlagsHelp, type CheckOptions, readCheckOptions } from './checking.ts';
import { type Command, exitCodes, type Io, UsageError } from './command.ts';
import { findInputs, type Input, nameOf, readInput, reasonOf } from './input.ts';

const help = `Usage: plimsoll fix [OPTION]… FILE|FOLDER|-…

Repairs Dockerfiles in place, with fixes that keep what the image does. What is read from standard input (-) goes to
standard output.

  --suggestions          also apply fixes that may change the image; look at the result
  --stdout               print the repaired text instead of writing it
  --diff                 print what would change instead of writing it
${checkFlagsHelp}  -h, --help             this text

Exit codes: 0 done, also when there was nothing to do, 2 bad usage, or a file that can't be read or written (the others
are repaired all the same).
`;

export const fixCommand: Command = { name: 'fix', summary: 'repair Dockerfiles', help, run };

type Mode = 'write' | 'stdout' | 'diff';

async function run(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      ...checkFlags,
      suggestions: { type: 'boolean' },
      stdout: { type: 'boolean' },
      diff: { type: 'boolean' },
    },
    allowPositionals: true,
  });
  if (values.help) {
    io.write(help);
    return exitCodes.clean;
  }
  if (values.stdout && values.diff) throw new UsageError('--stdout and --diff exclude each other.');
  if (positionals.length === 0)
    throw new UsageError('Which files? Name Dockerfiles or folders, or - for standard input.');
  const options = readCheckOptions(values, allRules, io.cwd);
  const { inputs, unreadable } = await findInputs(positionals, io, values['stdin-filename']);
  const mode: Mode = values.diff ? 'diff' : values.stdout ? 'stdout' : 'write';
  let code: number = exitCodes.clean;
  for (const { path, reason } of unreadable) code = fail(io, path, reason);
  for (const input of inputs) {
    if (
      !(await fixOne(
        input,
        input.isStdin && mode === 'write' ? 'stdout' : mode,
        options,
        values.suggestions === true,
        io,
      ))
    ) {
      code = exitCodes.failed;
    }
  }
  return code;
}

/** Returns whether that went well. */
async function fixOne(input: Input, mode: Mode, options: CheckOptions, suggestions: boolean, io: Io): Promise<boolean> {
  const content = await readInput(input, io);
  if ('reason' in content) {
    fail(io, input.path, `it can't be read: ${content.reason}`);
    return false;
  }
  const { text } = content;
  const checked = await check(input, text, options, io);
  for (const problem of checked.problems) io.writeError(`plimsoll: ${problem.message}\n`);
  if (!checked.analysed.dockerfile) {
    for (const { message } of checked.analysed.problems) fail(io, input.path, message);
    return false;
  }
  const fixed = checked.enabled
    ? fixText(text, checked.options, suggestions ? anyFix : safeFix)
    : { text, applied: [], problems: [] };
  for (const problem of fixed.problems) io.writeError(`plimsoll: ${input.path}: ${problem.message}\n`);
  if (mode === 'stdout') io.write(fixed.text);
  else if (mode === 'diff') io.write(diffOf(input, text, fixed.text));
  else if (fixed.text !== text) {
    try {
      await replaceFile(input.file!, fixed.text);
    } catch (error) {
      fail(io, input.path, `it can't be written: ${reasonOf(error)}`);
      return false;
    }
    io.writeError(`${input.path}: fixed ${tally(fixed.applied)}\n`);
  }
  return checked.problems.length === 0;
}

function diffOf(input: Input, before: string, after: string): string {
  const name = input.path === '-' ? 'Dockerfile' : input.path.replaceAll('\\', '/').replace(/^\/+/, '');
  return unifiedDiff(before, after, { old: `a/${name}`, new: `b/${name}` });
}

/** Writes a sibling and puts it in the file's place, so that nobody ever sees half a file. Mode and owner are kept. */
async function replaceFile(path: string, text: string): Promise<void> {
  const target = await realpath(path);
  const info = await stat(target);
  const sibling = join(dirname(target), `.${nameOf(target)}.${process.pid}.tmp`);
  try {
    await writeFile(sibling, text, { flag: 'wx', mode: info.mode });
    await chmod(sibling, info.mode);
    await rename(sibling, target);
  } catch (error) {
    await rm(sibling, { force: true });
    throw error;
  }
}

function tally(rules: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const rule of rules) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return [...counts].map(([rule, count]) => (count > 1 ? `${rule} (${count})` : rule)).join(', ');
}

function fail(io: Io, path: string, reason: string): number {
  io.writeError(`plimsoll: ${path}: ${reason}\n`);
  return exitCodes.failed;
}
