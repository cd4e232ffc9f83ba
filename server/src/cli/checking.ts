import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type AnalysedText, type AnalyseOptions, analyseIn } from '../lint/analyse.ts';
import type { Problem, Severity } from '../lint/finding.ts';
import { refuseText } from '../lint/input.ts';
import type { Rule } from '../lint/rule.ts';
import { readConfigFile } from '../lint/settings/configFile.ts';
import { defaultSettings, type Settings, unknownRule } from '../lint/settings/settings.ts';
import { findContextRoot, openContextAt } from '../lsp/contextFiles.ts';
import { findConfigFile } from '../lsp/nodeHost.ts';
import { buildModel } from '../model/dockerfile.ts';
import { LineIndex } from '../text/lineIndex.ts';
import { type Io, UsageError } from './command.ts';
import { type Input, reasonOf, searchLimit } from './input.ts';

/** Options that `lint` and `fix` share. */
export interface CheckOptions {
  readonly rules: readonly Rule[];
  readonly only: ReadonlySet<string> | undefined;
  /** Folder of the build context; looked for when undefined. */
  readonly context: string | undefined;
  /** Configuration file; looked for when undefined, none when false. */
  readonly config: string | false | undefined;
  readonly buildArgs: Readonly<Record<string, string>>;
}

export const checkFlags = {
  rule: { type: 'string', multiple: true },
  config: { type: 'string' },
  'no-config': { type: 'boolean' },
  context: { type: 'string' },
  'build-arg': { type: 'string', multiple: true },
  'stdin-filename': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

export const checkFlagsHelp = `  --rule ID              only this rule; may be repeated
  --config FILE          read the severities of rules from FILE instead of the nearest .plimsoll.yaml
  --no-config            use no configuration file
  --context DIR          the folder the image is built from; looked for when left out
  --build-arg NAME=VALUE a value for an ARG, as given to the build; may be repeated
  --stdin-filename NAME  the name of what is read from standard input
`;

/** Reads the values of `checkFlags`. Throws a UsageError when one makes no sense. */
export function readCheckOptions(
  values: {
    readonly rule?: string[] | undefined;
    readonly config?: string | undefined;
    readonly 'no-config'?: boolean | undefined;
    readonly context?: string | undefined;
    readonly 'build-arg'?: string[] | undefined;
  },
  rules: readonly Rule[],
  cwd: string,
): CheckOptions {
  const buildArgs: Record<string, string> = {};
  for (const given of values['build-arg'] ?? []) {
    const equals = given.indexOf('=');
    if (equals < 1) throw new UsageError(`--build-arg ${given}: it must be NAME=VALUE`);
    buildArgs[given.slice(0, equals)] = given.slice(equals + 1);
  }
  return {
    rules,
    only: values.rule && new Set(values.rule.flatMap((name) => rulesNamed(name, rules))),
    context: values.context === undefined ? undefined : existingFolder(values.context, cwd),
    config: values['no-config'] ? false : values.config && resolve(cwd, values.config),
    buildArgs,
  };
}

function existingFolder(name: string, cwd: string): string {
  const folder = resolve(cwd, name);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`--context ${name}: there is no such folder`);
  return folder;
}

function rulesNamed(name: string, rules: readonly Rule[]): string[] {
  const wanted = name.toLowerCase();
  const found = rules.filter(
    (rule) => rule.id === wanted || rule.aliases.some((alias) => alias.toLowerCase() === wanted),
  );
  if (found.length === 0) throw new UsageError(`--rule: ${unknownRule(name, rules)}`);
  return found.map((rule) => rule.id);
}

/** How to analyse one file. */
export interface Preparation {
  readonly options: AnalyseOptions;
  readonly analysed: AnalysedText;
  /** Wrong configuration. Its ranges are in another file, so they are told in the message. */
  readonly problems: readonly Problem[];
  readonly enabled: boolean;
}

/** Finds the configuration and the build context of a text and analyses it. */
export async function check(input: Input, text: string, options: CheckOptions, io: Io): Promise<Preparation> {
  const { settings, problems } = await readConfig(input, options, io);
  const severities: Record<string, Severity | 'off'> = { ...settings.severities };
  // A rule that is asked for by name runs, even when it is off by default.
  for (const rule of options.rules)
    if (options.only?.has(rule.id) && rule.severity === 'off') severities[rule.id] ??= 'warning';
  const base: AnalyseOptions = {
    rules: options.rules,
    only: options.only,
    severities,
    today: io.today,
    buildArgs: options.buildArgs,
  };
  const found = refuseText(text) ? undefined : contextOf(input, text, options, io);
  return { ...analyseIn(found, text, base), problems, enabled: settings.enable };
}

function contextOf(input: Input, text: string, options: CheckOptions, io: Io) {
  const file = input.file ?? (options.context && resolve(options.context, 'Dockerfile'));
  if (file === undefined) return undefined;
  if (options.context !== undefined) return openContextAt(options.context, file);
  const model = buildModel(text, { buildArgs: options.buildArgs });
  const root = findContextRoot(file, model, searchLimit(file, io.cwd));
  return root === undefined ? undefined : openContextAt(root, file);
}

async function readConfig(
  input: Input,
  options: CheckOptions,
  io: Io,
): Promise<{ readonly settings: Settings; readonly problems: readonly Problem[] }> {
  if (options.config === false) return { settings: defaultSettings, problems: [] };
  const folder = input.file ? dirname(input.file) : io.cwd;
  const found =
    options.config === undefined
      ? findConfigFile(folder, input.file ? searchLimit(input.file, io.cwd) : io.cwd)
      : { path: options.config, text: await readNamedConfig(options.config) };
  if (!found) return { settings: defaultSettings, problems: [] };
  const { settings, problems } = readConfigFile(found.text, options.rules);
  const lines = new LineIndex(found.text);
  return {
    settings,
    problems: problems.map((problem) => {
      const at = problem.range && lines.positionAt(problem.range.start);
      const place = at ? `${found.path}:${at.line + 1}:${at.character + 1}` : found.path;
      return { ...problem, message: `${place}: ${problem.message}`, range: undefined };
    }),
  };
}

async function readNamedConfig(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`--config ${path}: ${reasonOf(error)}`);
  }
}
