import type { AnalysedText } from '../lint/analyse.ts';
import type { Finding } from '../lint/finding.ts';
import type { Rule } from '../lint/rule.ts';
import { rulePage } from '../lint/rulePage.ts';
import type { Dockerfile } from '../model/dockerfile.ts';
import { cover, type Range } from '../text/range.ts';
import { describeBaseImage } from './baseImage.ts';

export interface HoverText {
  readonly range: Range;
  /** Markdown. */
  readonly markdown: string;
}

/** What is known of a place: the rules of the findings there, and the base image when it is a FROM. */
export function hoverAt(analysed: AnalysedText, rules: readonly Rule[], offset: number): HoverText | undefined {
  const { dockerfile } = analysed;
  if (!dockerfile) return undefined;
  const here = analysed.findings.filter(({ range }) => range.start <= offset && offset <= range.end);
  const parts: HoverText[] = [];
  const seen = new Set<string>();
  for (const finding of here) {
    const rule = rules.find((each) => each.id === finding.rule);
    if (!rule || seen.has(rule.id)) continue;
    seen.add(rule.id);
    parts.push({ range: finding.range, markdown: describeRule(rule, finding) });
  }
  const image = imageAt(dockerfile, offset);
  if (image) parts.push(image);
  if (parts.length === 0) return undefined;
  return {
    range: parts.map((part) => part.range).reduce(cover),
    markdown: parts.map((part) => part.markdown).join('\n\n---\n\n'),
  };
}

function describeRule(rule: Rule, finding: Finding): string {
  const withheld = finding.withheld ? `\n\n*${finding.withheld}*` : '';
  return `**${rule.summary}**\n\n${rule.why}${withheld}\n\n[${rule.id}](${rulePage(rule)})`;
}

function imageAt(dockerfile: Dockerfile, offset: number): HoverText | undefined {
  for (const stage of dockerfile.stages) {
    const { word } = stage.base;
    if (!word || offset < stage.from.keywordRange.start || offset > word.range.end) continue;
    const markdown = describeBaseImage(stage.base, dockerfile.today);
    return markdown === undefined ? undefined : { range: word.range, markdown };
  }
  return undefined;
}
