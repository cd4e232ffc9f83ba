import type { Dockerfile } from '../model/dockerfile.ts';
import type { Comment } from '../syntax/logicalLines.ts';
import type { Instruction } from '../syntax/instruction.ts';
import type { Range } from '../text/range.ts';
import type { Finding } from './finding.ts';

/** A comment that hides findings. */
export interface Suppression {
  readonly comment: Comment;
  /** Names as written: our ids, or another tool's codes. */
  readonly names: readonly string[];
  /** The text behind the names, when there is one. */
  readonly reason: string | undefined;
  /** The instruction it stands above; undefined when it holds for the whole file. */
  readonly scope: Instruction | undefined;
  hides(finding: Finding): boolean;
}

const ours = /^plimsoll\s+(global\s+)?ignore\s*=\s*([\w./*-]+(?:\s*,\s*[\w./*-]+)*)(?:\s*(?::|--|;)?\s*(.*))?$/i;
const hadolint = /^hadolint\s+(global\s+)?ignore\s*=\s*([\w]+(?:\s*,\s*[\w]+)*)(?:\s+(.*))?$/i;
const buildkit = /^check\s*=\s*(.*)$/i;

/**
 * Comments that hide findings: ours (`# plimsoll ignore=rule-id: reason`, `# plimsoll global ignore=…`), hadolint's and
 * BuildKit's (directive at the top or, since frontend 1.21, above an instruction).
 */
export function findSuppressions(dockerfile: Dockerfile): Suppression[] {
  const found: Suppression[] = [];
  for (const comment of dockerfile.comments) {
    const own = ours.exec(comment.text) ?? hadolint.exec(comment.text);
    if (own) {
      const isOurs = /^plimsoll/i.test(comment.text);
      const names = own[2]!.split(',').map((name) => name.trim());
      const scope = own[1] ? undefined : instructionFor(dockerfile, comment);
      if (own[1] || scope)
        found.push(suppression(comment, names, own[3]?.trim() || undefined, scope, isOurs ? undefined : 'hadolint'));
      continue;
    }
    const check = buildkit.exec(comment.text);
    const scope = check && instructionFor(dockerfile, comment);
    const names = check && skippedChecks(check[1]!);
    if (scope && names && names.length > 0) found.push(suppression(comment, names, undefined, scope, 'buildkit'));
  }
  for (const directive of dockerfile.directives) {
    const names = directive.name === 'check' ? skippedChecks(directive.value) : [];
    if (names.length === 0) continue;
    const comment = { range: directive.range, text: dockerfile.slice(directive.range).slice(1).trim(), inside: false };
    found.push(suppression(comment, names, undefined, undefined, 'buildkit'));
  }
  return found;
}

/** Names of a `skip=A,B;error=true` value; blanks end the value. */
function skippedChecks(value: string): string[] {
  const parts = value.split(/\s/)[0]!.split(';');
  const skip = parts.find((part) => part.startsWith('skip='));
  return skip ? skip.slice('skip='.length).split(',').filter(Boolean) : [];
}

function suppression(
  comment: Comment,
  names: readonly string[],
  reason: string | undefined,
  scope: Instruction | undefined,
  tool: 'hadolint' | 'buildkit' | undefined,
): Suppression {
  const wanted = names.map((name) => name.toLowerCase());
  const isNamed = (finding: Finding): boolean => {
    if (tool) {
      const known = finding.aliases
        .filter((alias) => alias.startsWith(`${tool}/`))
        .map((alias) => alias.slice(tool.length + 1).toLowerCase());
      return (
        known.some((name) => wanted.includes(name)) ||
        (tool === 'buildkit' && wanted.includes('all') && known.length > 0)
      );
    }
    if (wanted.includes('*') || wanted.includes('all') || wanted.includes(finding.rule)) return true;
    return finding.aliases.some(
      (alias) => wanted.includes(alias.toLowerCase()) || wanted.includes(alias.split('/').pop()!.toLowerCase()),
    );
  };
  return {
    comment,
    names,
    reason,
    scope,
    hides: (finding) => (!scope || isInside(scope.range, finding.range)) && isNamed(finding),
  };
}

function isInside(scope: Range, finding: Range): boolean {
  return finding.start >= scope.start && finding.start <= scope.end;
}

/** The instruction whose comment block the comment belongs to: directly above it, other comments between allowed. */
export function instructionFor(dockerfile: Dockerfile, comment: Comment): Instruction | undefined {
  const { instructions, lines } = dockerfile;
  if (comment.inside)
    return instructions.find((each) => each.range.start < comment.range.start && comment.range.start < each.range.end);
  const next = instructions.find((each) => each.range.start > comment.range.start);
  if (!next) return undefined;
  for (let line = lines.lineAt(comment.range.start) + 1; line < lines.lineAt(next.range.start); line++) {
    const start = lines.lineStart(line);
    if (!/^\s*#/.test(dockerfile.text.slice(start, lines.lineEnd(line)))) return undefined;
  }
  return next;
}
