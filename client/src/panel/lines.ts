import {
  type Attribution,
  describeLayer,
  describeLines,
  leastWaste,
  type ShareWaste,
  wastedFiles,
  wasteText,
} from '../../../server/src/attribution/index.ts';
import type { Dockerfile } from '../../../server/src/model/dockerfile.ts';
import { countBySeverity, isFixable, type ScanReport } from '../../../server/src/scan/report.ts';
import { formatBytes } from '../text.ts';
import { instructionText, shareRemarks } from '../lines/scanLines.ts';
import type { Placement } from './findings.ts';
import { readableInstruction } from './layers.ts';
import type { LayerRow, LayersView } from './messages.ts';

/** What of a scan has to do with lines. */
export interface Lines {
  readonly attribution: Attribution;
  /** The Dockerfile as it was built. */
  readonly built: Dockerfile;
  /** By share; undefined until somebody has looked for it. */
  readonly waste?: readonly ShareWaste[] | undefined;
}

/** Where each finding comes from, for the table. */
export function placementOf({ attribution, built }: Lines): Placement {
  const labels = attribution.shares.map((share) => {
    const lines = describeLines(share.instructions.map((each) => each.lines));
    const text = share.instructions.length === 1 ? instructionText(built, share.instructions[0]!, 80) : 'together';
    return `${lines}${share.kind === 'base' ? ', base image' : ''} · ${text}`;
  });
  const shares = new Int32Array(attribution.findings.length).fill(-1);
  for (const [index, share] of attribution.shares.entries()) for (const at of share.findings) shares[at] = index;
  return {
    label: (position) => labels[shares[position] ?? -1] ?? '',
    share: (position) => shares[position] ?? -1,
  };
}

/** The image from the bottom: the base image in one row, then what each instruction brought. */
export function layersView(
  report: ScanReport,
  { attribution, built, waste }: Lines,
  changed: ReadonlySet<number>,
): LayersView {
  const { match, shares, layers, unplaced } = attribution;
  const total = layers.reduce((sum, { size = 0 }) => sum + size, 0);
  if (!match.matches) {
    const rows = layers.map((layer): LayerRow => {
      const findings = report.findings.filter(({ layerDiffId }) => layerDiffId === layer.diffId);
      return row({
        lines: '',
        text: readableInstruction(layer.createdBy ?? '') || `layer ${layer.index + 1}`,
        remarks: '',
        size: layer.size,
        ...tally(findings),
      });
    });
    return { problem: match.notes[0] ?? 'This image was not built from this Dockerfile.', notes: [], rows };
  }
  const rows = shares.map((share, index): LayerRow => {
    const isBase = share.kind === 'base';
    const texts = share.instructions.map((place) => instructionText(built, place));
    return row({
      share: index,
      lines: describeLines(share.instructions.map((each) => each.lines)).replace(/^lines? /, ''),
      text: isBase ? `Base image ${attribution.base?.name ?? ''}`.trim() : texts.join(' ⏎ '),
      remarks: shareRemarks(share).join(' '),
      size: share.size,
      ...(waste && wasteCells(waste[index]!)),
      ...tally(share.findings.map((position) => report.findings[position]!)),
      changed: changed.has(index),
      ...(isBase && {
        base: share.layers.map((at) => ({
          text: readableInstruction(layers[at]?.createdBy ?? '') || `layer ${at + 1}`,
          size: layers[at]?.size,
        })),
      }),
    });
  });
  const unknown = layers.filter(({ instructions }) => instructions.length === 0);
  for (const layer of unknown) {
    const findings = unplaced
      .map((at) => report.findings[at]!)
      .filter(({ layerDiffId }) => layerDiffId === layer.diffId);
    const text = readableInstruction(layer.createdBy ?? '') || describeLayer(layer);
    rows.push(
      row({ lines: '', text, remarks: 'No line is known for this layer.', size: layer.size, ...tally(findings) }),
    );
  }
  const nowhere = unplaced.map((at) => report.findings[at]!).filter(({ layerDiffId }) => !layerDiffId);
  if (nowhere.length > 0) {
    rows.push(row({ lines: '', text: 'Findings that name no layer', remarks: '', ...tally(nowhere) }));
  }
  return { notes: match.notes, ...(waste ? { waste: wasteSentence(waste, total) } : { wasteCost: total }), rows };
}

function wasteCells(waste: ShareWaste): Pick<LayerRow, 'wasted' | 'waste' | 'wastedFiles'> {
  const { bytes, within, largest } = waste;
  const text = wasteText(waste);
  const inside = within >= leastWaste ? [`${formatBytes(within)} wasted inside the base image`] : [];
  return {
    wasted: bytes + within,
    waste: [...(text === '' ? [] : [text]), ...inside].join(' · '),
    wastedFiles: text === '' ? '' : wastedFiles(largest),
  };
}

function wasteSentence(waste: readonly ShareWaste[], total: number): string {
  const bytes = waste.reduce((sum, each) => sum + each.bytes + each.within, 0);
  if (bytes < leastWaste) return 'No line removes or replaces anything worth a word of what lines before it brought.';
  const part = total > 0 ? ` of ${formatBytes(total)} (${Math.round((100 * bytes) / total)} %)` : '';
  return `${formatBytes(bytes)}${part} are in the image for nothing: later layers remove or replace them. What a RUN removes itself never gets into its layer.`;
}

type Tally = Pick<LayerRow, 'counts' | 'total' | 'fixable' | 'secrets' | 'misconfigurations'>;

type Optional = 'changed' | 'waste' | 'wastedFiles';

function row(parts: Omit<LayerRow, Optional> & Partial<Pick<LayerRow, Optional>>): LayerRow {
  return { changed: false, waste: '', wastedFiles: '', ...parts };
}

function tally(findings: ScanReport['findings']): Tally {
  return {
    counts: countBySeverity(findings),
    total: findings.length,
    fixable: findings.filter(isFixable).length,
    secrets: findings.filter(({ kind }) => kind === 'secret').length,
    misconfigurations: findings.filter(({ kind }) => kind === 'misconfiguration').length,
  };
}
