import * as vscode from 'vscode';
import { partOf, summaryLine, topFindings } from '../../../server/src/attribution/index.ts';
import type { DocumentLines } from './documentLines.ts';
import { topText } from './lineLenses.ts';
import { shareRemarks } from './scanLines.ts';

/** On the keyword of an instruction: the worst of what it brought, and the versions that repair it. */
export class LineHover implements vscode.HoverProvider {
  readonly #lines: DocumentLines;

  constructor(lines: DocumentLines) {
    this.#lines = lines;
  }

  async provideHover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
    const found = await this.#lines.get(document);
    const offset = document.offsetAt(position);
    const line = found?.lines.find(({ keyword }) => offset >= keyword.start && offset <= keyword.end);
    const attribution = found?.scan.attribution;
    if (!line || !attribution || line.share.counts.total === 0) return undefined;
    const { share } = line;
    const { report, record, changes } = found.scan;
    const text = new vscode.MarkdownString();
    text.isTrusted = { enabledCommands: ['plimsoll.showLineInPanel', 'plimsoll.changeFirst'] };
    text.appendMarkdown('**Last scan** ');
    const counts = summaryLine(share);
    text.appendText(`${partOf(share.counts, attribution.counts)}${counts === '' ? '' : `: ${counts}`}`);
    if (line.isChanged) text.appendMarkdown('\n\n_This instruction was changed since the scan._');
    text.appendMarkdown('\n\n');
    for (const finding of topFindings(share, report)) {
      text.appendMarkdown('- ');
      text.appendText(topText(finding));
      text.appendMarkdown('\n');
    }
    for (const remark of shareRemarks(share)) {
      text.appendMarkdown('\n\n');
      text.appendText(remark);
    }
    for (const change of changes.filter((each) => each.share === line.index)) {
      text.appendMarkdown('\n\n**What to change:** ');
      text.appendText(`${change.title}. ${change.detail}`);
    }
    const argument = encodeURIComponent(JSON.stringify([{ key: record.key, share: line.index }]));
    text.appendMarkdown(`\n\n[Show all in the panel](command:plimsoll.showLineInPanel?${argument})`);
    return new vscode.Hover(
      text,
      new vscode.Range(document.positionAt(line.keyword.start), document.positionAt(line.keyword.end)),
    );
  }
}
