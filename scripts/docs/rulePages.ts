import { type Practice, practices, type Severity } from '../../server/src/lint/finding.ts';
import type { Rule, RuleExample } from '../../server/src/lint/rule.ts';
import { rulePagePath } from '../../server/src/lint/rulePage.ts';
import { diffLines, splitLines } from '../../server/src/text/diff.ts';

const practiceTitles: Record<Practice, string> = {
  users: 'Users',
  'base-images': 'Base images',
  layers: 'Layers',
  cache: 'Build cache',
  stages: 'Stages',
  packages: 'Packages',
  secrets: 'Secrets',
  shell: 'Shell',
  syntax: 'Syntax',
  metadata: 'Metadata',
  context: 'Build context',
};

const practiceSummaries: Record<Practice, string> = {
  users: 'Who the container runs as.',
  'base-images': 'What the image is built on: its size, its age, whether anybody still repairs it.',
  layers: 'How instructions become layers, and what stays in them.',
  cache: 'What has to be built again when a file changes.',
  stages: 'What is needed to build, and what to run.',
  packages: 'How package managers are called.',
  secrets: 'What must not be in an image.',
  shell: 'What the shell of a RUN makes of it.',
  syntax: 'What the builder refuses or takes for something else.',
  metadata: 'What an image tells about itself.',
  context: 'The files that the build gets.',
};

const severityTexts: Record<Severity | 'off', string> = {
  error: 'error',
  warning: 'warning',
  info: 'info',
  hint: 'hint',
  off: 'off, it has to be asked for',
};

const fixTexts: Record<Rule['fix'], string> = {
  safe: 'safe',
  suggestion: 'suggestion',
  none: 'none',
};

const fixSentences: Record<Rule['fix'], string> = {
  safe: 'The fix is **safe**: the image does the same afterwards, and the change is what its title says. *Fix all safe problems* and `plimsoll fix` apply it. Where that can’t be promised, only a suggestion is offered, or none.',
  suggestion:
    'The fix is a **suggestion**: it may change the image, and its title says how. It is applied only when chosen, or with `plimsoll fix --suggestions`.',
  none: 'There is no automatic fix: what is right depends on more than the Dockerfile.',
};

const toolNames: Readonly<Record<string, string>> = {
  hadolint: 'hadolint',
  buildkit: 'BuildKit’s build checks',
  trivy: 'Trivy',
  checkov: 'Checkov',
  kics: 'KICS',
  sonar: 'SonarQube',
  semgrep: 'Semgrep',
  tally: 'tally',
  dockle: 'Dockle',
};

/** All generated pages: path below docs/rules → text. */
export function renderPages(rules: readonly Rule[]): ReadonlyMap<string, string> {
  const pages = new Map<string, string>([['README.md', renderIndex(rules)]]);
  for (const rule of rules) pages.set(rulePagePath(rule), renderRule(rule));
  return pages;
}

const generated = '<!-- Generated from the rules by npm run docs. Change the rule, not this page. -->\n\n';

function renderIndex(rules: readonly Rule[]): string {
  const parts = [
    `${generated}# Rules`,
    `Plimsoll has ${rules.length} rules. A **safe** fix keeps what the image does; a **suggestion** may change it and says how.`,
    'A rule’s severity is changed in the editor’s settings (`plimsoll.rules`) or in a `.plimsoll.yaml`; a comment above an\n' +
      'instruction hides it there: `# plimsoll ignore=rule-id: reason`. Comments of hadolint (`# hadolint ignore=DL3008`) and\n' +
      'BuildKit (`# check=skip=StageNameCasing`) are obeyed where a rule has that alias.',
  ];
  for (const practice of practices) {
    const own = rules.filter((rule) => rule.practice === practice);
    if (own.length === 0) continue;
    const rows = own.map(
      (rule) =>
        `| [${rule.id}](${rulePagePath(rule)}) | ${cell(rule.summary)} | ${rule.severity} | ${fixTexts[rule.fix]} |`,
    );
    parts.push(
      `## ${practiceTitles[practice]}\n\n${practiceSummaries[practice]}\n\n| Rule | Finds | Severity | Fix |\n|-|-|-|-|\n${rows.join('\n')}`,
    );
  }
  return `${parts.join('\n\n')}\n`;
}

function renderRule(rule: Rule): string {
  const parts = [
    `${generated}# ${rule.id}`,
    rule.summary,
    `| Practice | Default severity | Fix |\n|-|-|-|\n| [${practiceTitles[rule.practice]}](../README.md#${anchor(practiceTitles[rule.practice])}) | ${severityTexts[rule.severity]} | ${fixTexts[rule.fix]} |`,
    `## Why\n\n${rule.why.trim()}`,
    `## ${rule.examples.length === 1 ? 'Example' : 'Examples'}\n\n${rule.examples.map(renderExample).join('\n\n')}`,
    `## Fix\n\n${fixSentences[rule.fix]}`,
    renderIgnoring(rule),
    ...(rule.aliases.length > 0 ? [renderAliases(rule)] : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

function renderExample({ before, after, context }: RuleExample): string {
  const files = Object.entries(context ?? {}).map(([path, text]) =>
    text.trim() === '' ? `- \`${path}\`` : `\`${path}\`:\n\n${fenced('', text)}`,
  );
  const around = files.length > 0 ? `Beside these files of the build context:\n\n${files.join('\n')}\n\n` : '';
  return around + (after === undefined ? fenced('dockerfile', before) : fenced('diff', wholeDiff(before, after)));
}

function renderIgnoring(rule: Rule): string {
  const comments = [`# plimsoll ignore=${rule.id}: why it is right here`];
  const other = rule.aliases
    .map((alias) => alias.split('/'))
    .filter(([tool]) => tool === 'hadolint' || tool === 'buildkit');
  const obeyed = other.map(([tool, name]) =>
    tool === 'hadolint' ? `\`# hadolint ignore=${name}\`` : `\`# check=skip=${name}\``,
  );
  const also = obeyed.length > 0 ? `\n\nThese comments of other tools are obeyed too: ${obeyed.join(', ')}.` : '';
  return [
    '## Ignoring it',
    'Above the instruction, or with `global ignore` for the whole file:',
    `${fenced('dockerfile', `${comments.join('\n')}\n`)}${also}`,
    'For a project, in a `.plimsoll.yaml` at its root (or in the editor’s settings, under `plimsoll.rules`):',
    fenced('yaml', `rules:\n  ${rule.id}: "off"   # or error, warning, info, hint\n`),
  ].join('\n\n');
}

function renderAliases(rule: Rule): string {
  const rows = rule.aliases.map((alias) => {
    const slash = alias.indexOf('/');
    const tool = alias.slice(0, slash);
    return `- ${toolNames[tool] ?? tool}: \`${alias.slice(slash + 1)}\``;
  });
  return `## Also known as\n\n${rows.join('\n')}`;
}

/** The whole text with the lines that go and come; examples are short. */
function wholeDiff(before: string, after: string): string {
  const oldLines = splitLines(before);
  const newLines = splitLines(after);
  let result = '';
  let at = 0;
  const add = (sign: string, lines: readonly string[]): void => {
    for (const line of lines) result += `${sign}${line.replace(/\r?\n$/, '')}\n`;
  };
  for (const hunk of diffLines(oldLines, newLines)) {
    add(' ', oldLines.slice(at, hunk.oldStart));
    add('-', oldLines.slice(hunk.oldStart, hunk.oldEnd));
    add('+', newLines.slice(hunk.newStart, hunk.newEnd));
    at = hunk.oldEnd;
  }
  add(' ', oldLines.slice(at));
  return result;
}

function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/\n*$/, '')}\n${fence}`;
}

function cell(markdown: string): string {
  return markdown.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** The anchor that GitHub gives a heading. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');
}
