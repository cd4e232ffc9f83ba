import { parseArgs } from 'node:util';
import type { Problem, Severity } from '../lint/finding.ts';
import { version } from '../lint/version.ts';
import { type FileReport, type ReportFormat, reporters } from '../report/index.ts';
import { allRules } from '../rules/index.ts';
import { LineIndex } from '../text/lineIndex.ts';
import { check, checkFlags, checkFlagsHelp, type CheckOptions, readCheckOptions } from './checking.ts';
import { type Command, exitCodes, type Io, UsageError } from './command.ts';
import { findInputs, type Input, readInput } from './input.ts';

const thresholds = ['error', 'warning', 'info', 'hint', 'never'] as const;
type Threshold = (typeof thresholds)[number];

const formats = Object.keys(reporters) as ReportFormat[];

const help = `Usage: plimsoll lint [OPTION]… FILE|FOLDER|-…

Checks Dockerfiles. Of a folder, its Dockerfile, Dockerfile.*, *.dockerfile and Containerfile* are checked, however
deep. A dash reads standard input.

  --format FORMAT        ${formats.join(', ')}; text when left out
  --fail-on SEVERITY     exit with 1 at findings of this severity or worse: error, warning (when left out), info,
                         hint, never
${checkFlagsHelp}  -h, --help             this text

plimsoll rules RULE explains a rule.

Exit codes: 0 nothing found at or above --fail-on, 1 something found, 2 bad usage, or a file that can't be read (the
others are checked all the same).
`;

export const lintCommand: Command = { name: 'lint', summary: 'check Dockerfiles', help, run };

async function run(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      ...checkFlags,
      format: { type: 'string', default: 'text' },
      'fail-on': { type: 'string', default: 'warning' },
    },
    allowPositionals: true,
  });
  if (values.help) {
    io.write(help);
    return exitCodes.clean;
  }
  const format = oneOf('--format', values.format, formats);
  const failOn = oneOf('--fail-on', values['fail-on'], thresholds);
  if (positionals.length === 0)
    throw new UsageError('Which files? Name Dockerfiles or folders, or - for standard input.');
  const options = readCheckOptions(values, allRules, io.cwd);
  const { inputs, unreadable } = await findInputs(positionals, io, values['stdin-filename']);
  const files: FileReport[] = unreadable.map(({ path, reason }) => unreadableReport(path, reason));
  for (const input of inputs) files.push(await lintOne(input, options, io));
  if (files.length === 0) io.writeError(`plimsoll: there are no Dockerfiles in ${positionals.join(', ')}\n`);
  files.sort((a, b) => Number(a.path > b.path) - Number(a.path < b.path));
  io.write(reporters[format](files, { rules: allRules, version, style: io.style }));
  return exitCode(files, failOn);
}

async function lintOne(input: Input, options: CheckOptions, io: Io): Promise<FileReport> {
  const content = await readInput(input, io);
  if ('reason' in content) return unreadableReport(input.path, content.reason);
  const { analysed, problems, enabled } = await check(input, content.text, options, io);
  const { text, lines } = analysed;
  if (!enabled) return { path: input.path, text, lines, findings: [], problems };
  return { path: input.path, text, lines, findings: analysed.findings, problems: [...problems, ...analysed.problems] };
}

function unreadableReport(path: string, reason: string): FileReport {
  const problem: Problem = {
    kind: 'input:unreadable',
    message: `It can't be read: ${reason}.`,
    range: undefined,
    severity: 'error',
  };
  return { path, text: undefined, lines: new LineIndex(''), findings: [], problems: [problem] };
}

const ranks: Record<Severity | 'never', number> = { never: 5, error: 4, warning: 3, info: 2, hint: 1 };

/** Problems of the input are failures; what the parser or the configuration complains of counts like a finding. */
function exitCode(files: readonly FileReport[], failOn: Threshold): number {
  const problems = files.flatMap((file) => file.problems);
  if (problems.some((problem) => isFailure(problem))) return exitCodes.failed;
  const all = [...problems, ...files.flatMap((file) => file.findings)];
  return all.some(({ severity }) => ranks[severity] >= ranks[failOn]) ? exitCodes.findings : exitCodes.clean;
}

function isFailure({ kind }: Problem): boolean {
  return kind.startsWith('config:') || failures.includes(kind);
}

const failures = ['input:unreadable', 'input:binary', 'input:too-long', 'input:not-understood', 'rule-failed'];

export function oneOf<Value extends string>(flag: string, value: string, allowed: readonly Value[]): Value {
  if ((allowed as readonly string[]).includes(value)) return value as Value;
  throw new UsageError(`${flag} ${value}: it must be one of ${allowed.join(', ')}`);
}
