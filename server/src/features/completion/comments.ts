import type { Finding } from '../../lint/finding.ts';
import type { Rule } from '../../lint/rule.ts';
import { instructionFor } from '../../lint/suppress.ts';
import type { Dockerfile } from '../../model/dockerfile.ts';
import type { Comment } from '../../syntax/logicalLines.ts';
import type { Range } from '../../text/range.ts';
import type { Entry } from './entry.ts';

export interface CommentOptions {
  readonly rules: readonly Rule[];
  /** Findings of the text, those that are hidden included; the rules of those below the comment come first. */
  readonly findings: readonly Finding[];
}

export interface CommentEntries {
  /** Where what is being written starts in the typed text. */
  readonly from: number;
  readonly entries: readonly Entry[];
  /** Whether it completes a list that was begun, and not a comment of which nobody knows what it becomes. */
  readonly isCertain: boolean;
}

const ignoring = /^#\s*(plimsoll|hadolint)\s+(?:global\s+)?ignore\s*=\s*((?:[^,\s:;]+\s*,\s*)*)[^,\s:;]*$/i;
const skipping = /^#\s*check\s*=\s*skip=((?:[^,\s;]+,)*)[^,\s;]*$/i;
const directive = /^#\s*(syntax|escape|check)\s*=\s*\S*$/i;

/** What can be written in a comment, or in a directive at the top of the file. */
export function commentEntries(
  dockerfile: Dockerfile,
  place: { readonly range: Range; readonly comment: Comment | undefined },
  typed: string,
  options: CommentOptions,
): CommentEntries | undefined {
  const from = /[^,\s=]*$/.exec(typed)!.index;
  const ignore = ignoring.exec(typed);
  const isGlobal = !place.comment || /\bglobal\b/i.test(ignore?.[0] ?? '');
  const findings = isGlobal ? found(options.findings, 'found in this file') : below(dockerfile, place.comment, options);
  if (ignore) {
    const given = ignore[2]!.toLowerCase().split(/\s*,\s*/);
    const entries =
      ignore[1]!.toLowerCase() === 'plimsoll' ? rules(options, findings) : aliases(options, findings, 'hadolint');
    return { from, entries: entries.filter(({ label }) => !given.includes(label.toLowerCase())), isCertain: true };
  }
  const skip = skipping.exec(typed);
  if (skip) {
    const given = skip[1]!.split(',');
    const all: Entry = { kind: 'rule', label: 'all', detail: 'every check of the builder' };
    const entries = [...aliases(options, findings, 'buildkit'), all];
    return { from, entries: entries.filter(({ label }) => !given.includes(label)), isCertain: true };
  }
  const isTop = isAtTop(dockerfile, place.range);
  const value = directive.exec(typed);
  if (value) {
    const entries = isTop || value[1]!.toLowerCase() === 'check' ? directiveValues[value[1]!.toLowerCase()]! : [];
    return { from, entries, isCertain: true };
  }
  if (!/^#\s*\w*$/.test(typed)) return undefined;
  const known = new Set(dockerfile.directives.map(({ name }) => name));
  const directives = Object.keys(directiveValues).filter((name) => isTop && !known.has(name as 'syntax'));
  const descriptions: Readonly<Record<string, string>> = {
    syntax: 'the frontend that reads the file',
    escape: 'the escape character',
    check: 'the builder’s own checks',
  };
  return {
    from,
    entries: [
      ...directives.map(
        (name): Entry => ({
          kind: 'directive',
          label: `${name}=`,
          detail: descriptions[name],
          goesOn: true,
        }),
      ),
      { kind: 'directive', label: 'plimsoll ignore=', detail: 'hides findings of the instruction below', goesOn: true },
      { kind: 'directive', label: 'plimsoll global ignore=', detail: 'hides findings of the whole file', goesOn: true },
    ],
    isCertain: false,
  };
}

const directiveValues: Readonly<Record<string, readonly Entry[]>> = {
  syntax: [
    { kind: 'value', label: 'docker/dockerfile:1', detail: 'the newest version 1' },
    { kind: 'value', label: 'docker/dockerfile:1-labs', detail: 'with experimental features' },
  ],
  escape: [
    { kind: 'value', label: '`', detail: 'for paths of Windows' },
    { kind: 'value', label: '\\', detail: 'the default' },
  ],
  check: [
    { kind: 'value', label: 'skip=', detail: 'checks to leave out', goesOn: true },
    { kind: 'value', label: 'error=true', detail: 'a warning stops the build' },
  ],
};

/** Directives end at the first line that is none. */
function isAtTop(dockerfile: Dockerfile, range: Range): boolean {
  const before = dockerfile.text.slice(0, range.start).split('\n').length - 1;
  return before === dockerfile.directives.filter((each) => each.range.start < range.start).length;
}

/** Rules with a finding, and where that is. */
interface Found {
  readonly rules: ReadonlySet<string>;
  readonly where: string;
}

function found(findings: readonly Finding[], where: string): Found {
  return { rules: new Set(findings.map(({ rule }) => rule)), where };
}

function below(dockerfile: Dockerfile, comment: Comment, { findings }: CommentOptions): Found {
  const instruction = instructionFor(dockerfile, comment);
  if (!instruction) return found([], '');
  const { start, end } = instruction.range;
  return found(
    findings.filter(({ range }) => range.start >= start && range.start <= end),
    'found below',
  );
}

function rules({ rules: all }: CommentOptions, known: Found): Entry[] {
  const own = all.map(
    ({ id, summary, aliases: names }): Entry => ({
      kind: 'rule',
      label: id,
      detail: known.rules.has(id) ? known.where : undefined,
      documentation: names.length > 0 ? `${summary}\n\nAlso known as ${names.join(', ')}.` : summary,
    }),
  );
  const others = all.flatMap((rule) =>
    rule.aliases.map((label): Entry => ({ kind: 'rule', label, detail: rule.id, documentation: rule.summary })),
  );
  const names = new Map([...own.sort(foundFirst(known)), ...others].map((entry) => [entry.label, entry]));
  return [...names.values()];
}

/** Codes of another tool whose comments are obeyed, too. */
function aliases({ rules: all }: CommentOptions, known: Found, tool: string): Entry[] {
  const entries = all.flatMap((rule) =>
    rule.aliases
      .filter((alias) => alias.startsWith(`${tool}/`))
      .map(
        (alias): Entry => ({
          kind: 'rule',
          label: alias.slice(tool.length + 1),
          detail: known.rules.has(rule.id) ? known.where : rule.id,
          documentation: rule.summary,
        }),
      ),
  );
  entries.sort((a, b) => foundFirst(known)(a, b) || (a.label < b.label ? -1 : 1));
  return [...new Map(entries.map((entry) => [entry.label, entry])).values()];
}

function foundFirst({ where }: Found): (a: Entry, b: Entry) => number {
  return (a, b) => Number(b.detail === where) - Number(a.detail === where);
}
