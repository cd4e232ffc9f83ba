import type { Severity } from '../lint/finding.ts';
import { positionsOf, type Reporter } from './fileReport.ts';

const commands: Record<Severity, string> = { error: 'error', warning: 'warning', info: 'notice', hint: 'notice' };

/** Workflow commands of GitHub Actions, which annotate the lines of a pull request. */
export const reportGithub: Reporter = (files) => {
  let result = '';
  for (const file of files) {
    for (const item of [...file.problems, ...file.findings]) {
      const title = 'rule' in item ? item.rule : item.kind;
      const properties: [string, string | number][] = [['file', file.path]];
      if (item.range) {
        const { start, end } = positionsOf(file, item.range);
        properties.push(['line', start.line + 1], ['col', start.character + 1], ['endLine', end.line + 1]);
        // GitHub takes columns for a range within one line only.
        if (start.line === end.line) properties.push(['endColumn', end.character + 1]);
      }
      properties.push(['title', `plimsoll ${title}`]);
      const list = properties.map(([name, value]) => `${name}=${escapeProperty(String(value))}`).join(',');
      result += `::${commands[item.severity]} ${list}::${escapeData(item.message)}\n`;
    }
  }
  return result;
};

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
