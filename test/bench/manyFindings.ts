import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { constructScan, nodeShopLayers } from '../helpers/constructedScan.ts';

interface Result {
  readonly Target: string;
  readonly Class?: string;
  readonly Type?: string;
  readonly Vulnerabilities?: readonly Readonly<Record<string, unknown>>[];
}

/** Layers of the constructed image that findings are dealt out to: most to those of the base. */
const layers = [0, 0, 0, 1, 1, 2, 4, 6, 8];

/**
 * A report of so many findings, made out of recorded ones: ids and packages are varied, the rest is as Trivy wrote it.
 *
 * @param folder of Trivy's reports in JSON
 * @param bytes about how large the text may be; longer descriptions and lists of links are cut for it
 */
export function manyFindings(folder: string, count: number, bytes: number) {
  const image = constructScan(nodeShopLayers);
  const report = image.report as { Metadata: { DiffIDs: string[] }; Results: unknown[] };
  const recorded = readdirSync(folder).flatMap((file) => vulnerabilitiesIn(join(folder, file)));
  if (recorded.length === 0) throw new Error(`There is no report with vulnerabilities in ${folder}.`);
  const each = bytes / count;
  const results = new Map<string, { Vulnerabilities: unknown[] }>();
  for (let index = 0; index < count; index++) {
    const { result, entry } = recorded[index % recorded.length]!;
    const copy = Math.floor(index / recorded.length);
    const isSystem = result.Class === 'os-pkgs';
    const key = isSystem ? 'system' : `${result.Type} ${copy % 7}`;
    let target = results.get(key);
    if (!target) {
      const name = isSystem ? 'example (debian 10.13)' : `app${copy % 7}/${result.Target}`;
      results.set(key, (target = { ...result, Target: name, Vulnerabilities: [] } as { Vulnerabilities: unknown[] }));
    }
    target.Vulnerabilities.push({
      ...shortened(entry, each),
      VulnerabilityID: String(entry['VulnerabilityID']).replace(/\d+$/, (digits) => String(Number(digits) + copy)),
      PkgName: `${String(entry['PkgName'])}${copy % 3 === 0 ? copy % 50 : ''}`,
      Layer: { DiffID: report.Metadata.DiffIDs[layers[index % layers.length]!] },
      ...(isSystem ? {} : { PkgPath: `app${copy % 7}/lib/${String(entry['PkgName'])}-${copy}/package.json` }),
    });
  }
  report.Results = [...results.values()];
  return { text: JSON.stringify(report), image };
}

function vulnerabilitiesIn(file: string) {
  try {
    const { Results = [] } = JSON.parse(readFileSync(file, 'utf8')) as { Results?: readonly Result[] };
    return Results.flatMap(({ Vulnerabilities = [], ...result }) =>
      Vulnerabilities.map((entry) => ({ result, entry })),
    );
  } catch {
    return [];
  }
}

/** Without what is not shown when the whole would be too large, and then with less of what is. */
function shortened(entry: Readonly<Record<string, unknown>>, bytes: number): Readonly<Record<string, unknown>> {
  const length = JSON.stringify(entry).length;
  if (length <= bytes) return entry;
  const {
    CVSS: _cvss,
    VendorSeverity: _vendor,
    DataSource: _source,
    CweIDs: _weaknesses,
    Layer: _layer,
    ...shown
  } = entry;
  const { Description = '', References = [], ...rest } = shown as { Description?: string; References?: string[] };
  const left = Math.max(0, bytes - JSON.stringify(rest).length - 60);
  return { ...rest, Description: Description.slice(0, Math.floor(left / 2)), References: within(References, left / 2) };
}

function within(texts: readonly string[], length: number): string[] {
  let left = length;
  return texts.filter((text) => (left -= text.length + 3) >= 0);
}
