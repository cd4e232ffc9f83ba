import type { Finding, Fix, Problem, Severity } from '../lint/finding.ts';
import type { Rule } from '../lint/rule.ts';
import { rulePage } from '../lint/rulePage.ts';
import type { Range } from '../text/range.ts';
import { type FileReport, positionsOf, type Reporter, type ReportOptions } from './fileReport.ts';

const levels: Record<Severity | 'off', string> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
  hint: 'note',
  off: 'none',
};

/** SARIF 2.1.0 (OASIS), with the rules' metadata and their fixes; problems are notifications of the tool. */
export const reportSarif: Reporter = (files, options) => {
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Plimsoll',
            informationUri: 'https://github.com/plimsoll/plimsoll',
            semanticVersion: options.version,
            rules: options.rules.map(ruleDescriptor),
          },
        },
        columnKind: 'utf16CodeUnits',
        artifacts: files.map((file) => ({ location: { uri: uriOf(file.path) } })),
        results: files.flatMap((file, index) => file.findings.map((finding) => result(file, index, finding, options))),
        invocations: [
          {
            executionSuccessful: files.every((file) => file.text !== undefined),
            toolExecutionNotifications: files.flatMap((file, index) =>
              file.problems.map((problem) => notification(file, index, problem)),
            ),
          },
        ],
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
};

function ruleDescriptor(rule: Rule): unknown {
  return {
    id: rule.id,
    shortDescription: { text: plain(rule.summary) },
    fullDescription: { text: plain(rule.why), markdown: rule.why },
    help: { text: plain(rule.why), markdown: rule.why },
    helpUri: rulePage(rule),
    defaultConfiguration: { level: levels[rule.severity], enabled: rule.severity !== 'off' },
    properties: { tags: [rule.practice, ...rule.aliases] },
  };
}

function result(file: FileReport, index: number, finding: Finding, { rules }: ReportOptions): unknown {
  const related = finding.related.map((each) => ({
    ...location(file, index, each.range),
    message: { text: each.message },
  }));
  return {
    ruleId: finding.rule,
    ruleIndex: rules.findIndex((rule) => rule.id === finding.rule),
    level: levels[finding.severity],
    message: { text: finding.message },
    locations: [location(file, index, finding.range)],
    ...(related.length > 0 ? { relatedLocations: related } : {}),
    ...(finding.fixes.length > 0 ? { fixes: finding.fixes.map((fix) => sarifFix(file, index, fix)) } : {}),
  };
}

function sarifFix(file: FileReport, index: number, fix: Fix): unknown {
  return {
    description: { text: fix.title },
    properties: { safety: fix.safety },
    artifactChanges: [
      {
        artifactLocation: artifact(file, index),
        replacements: fix.edits.map((edit) => ({
          deletedRegion: region(file, edit.range),
          ...(edit.newText === '' ? {} : { insertedContent: { text: edit.newText } }),
        })),
      },
    ],
  };
}

function notification(file: FileReport, index: number, problem: Problem): unknown {
  return {
    descriptor: { id: problem.kind },
    level: levels[problem.severity],
    message: { text: problem.message },
    locations: [
      problem.range
        ? location(file, index, problem.range)
        : { physicalLocation: { artifactLocation: artifact(file, index) } },
    ],
  };
}

function location(file: FileReport, index: number, range: Range): { readonly physicalLocation: unknown } {
  return { physicalLocation: { artifactLocation: artifact(file, index), region: region(file, range) } };
}

function artifact(file: FileReport, index: number): unknown {
  return { uri: uriOf(file.path), index };
}

/** SARIF counts lines and columns from 1; the end column is the first one behind the region. */
function region(file: FileReport, range: Range): unknown {
  const { start, end } = positionsOf(file, range);
  return {
    startLine: start.line + 1,
    startColumn: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
}

function uriOf(path: string): string {
  const parts = path.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
  if (parts.startsWith('/')) return `file://${parts}`;
  return /^[a-z]%3A\//i.test(parts) ? `file:///${parts.replace('%3A', ':')}` : parts;
}

/** Markdown's marks are noise where plain text is wanted. */
function plain(markdown: string): string {
  return markdown.replaceAll('`', '').replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1');
}
