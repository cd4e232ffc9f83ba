import { LineIndex } from '../../server/src/text/lineIndex.ts';
import type { CheckedText } from './checkText.ts';

interface Sampled extends CheckedText {
  readonly file: string;
  readonly text: string;
}

/** A Markdown page with random findings and fixes of each rule, each with its lines and the change. */
export function samplePage(results: readonly Sampled[], count: number, seed: number): string {
  const random = generator(seed);
  const rules = [...new Set(results.flatMap((result) => result.findings.map((finding) => finding.rule)))].sort();
  const page: string[] = ['# Samples to read', ''];
  for (const rule of rules) {
    page.push(`## ${rule}`, '');
    const findings = results.flatMap((result) =>
      result.findings.filter((each) => each.rule === rule).map((finding) => ({ result, finding })),
    );
    for (const { result, finding } of pick(findings, count, random)) {
      const lines = new LineIndex(result.text);
      const line = lines.lineAt(finding.range.start);
      page.push(
        `### ${result.file}:${line + 1} “${result.text.slice(finding.range.start, finding.range.end)}”`,
        '',
        finding.message,
        '',
      );
      if (finding.withheld) page.push(`No fix: ${finding.withheld}`, '');
      const checked = result.fixes.find((each) => each.finding === finding);
      page.push('```diff');
      if (checked) page.push(...changedLines(result.text, checked.after));
      else page.push(...shownLines(result.text, line));
      page.push('```', '');
      if (checked) page.push(`${checked.fix.title} (${checked.fix.safety})`, '');
    }
  }
  return `${page.join('\n')}\n`;
}

function pick<T>(items: readonly T[], count: number, random: () => number): T[] {
  const rest = [...items];
  const picked: T[] = [];
  while (picked.length < count && rest.length > 0) picked.push(...rest.splice(Math.floor(random() * rest.length), 1));
  return picked;
}

/** Repeatable numbers in [0, 1). */
function generator(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function shownLines(text: string, line: number): string[] {
  const all = text.split(/\r?\n/);
  return all.slice(Math.max(0, line - 2), line + 4).map((each) => ` ${each}`);
}

/** The lines that differ, with three around them: what both texts share at the start and the end is left out. */
function changedLines(before: string, after: string): string[] {
  const a = before.split(/\r?\n/);
  const b = after.split(/\r?\n/);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  return [
    ...a.slice(Math.max(0, head - 3), head).map((line) => ` ${line}`),
    ...a.slice(head, a.length - tail).map((line) => `-${line}`),
    ...b.slice(head, b.length - tail).map((line) => `+${line}`),
    ...a.slice(a.length - tail, a.length - tail + 3).map((line) => ` ${line}`),
  ];
}
