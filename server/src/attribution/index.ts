/**
 * From the layers of an image to the lines of the Dockerfile they come from. Pure: what engines and scanners tell is
 * handed in, nothing is run or read.
 *
 * The way of the data: an image's facts (`image.ts`) → its history, read (`history.ts`), beside the instructions it
 * should show (`expected.ts`) → both aligned (`align.ts`, `score.ts`) → where the base image ends (`boundary.ts`) → lines
 * for each layer (`layers.ts`), made exact where the builder kept a record (`provenance.ts`, `provenanceLayers.ts`). A scan's
 * findings follow their layers to the lines (`attribute.ts`, `narrow.ts`), are told in a few words (`summary.ts`), and lead to
 * what to change (`changeFirst.ts`).
 */
export {
  type Attribution,
  attribute,
  type BaseShare,
  compareFindings,
  countsOf,
  type FindingCounts,
  type FindingOrigin,
  type InstructionShare,
} from './attribute.ts';
export { attributeLayers, type AttributionOptions, type LayerAttribution } from './attributeLayers.ts';
export { type Change, changeFirst } from './changeFirst.ts';
export { confidenceWords, copiedText, describeLayer, describeLines, formatBytes, partOf } from './describe.ts';
export {
  entriesOfRows,
  type HistoryRow,
  type ImageFacts,
  imageOfScan,
  readHistoryRows,
  readImageFacts,
} from './image.ts';
export { baseLine, countsText, summaryLine, type TopFinding, topFindings } from './summary.ts';
export { type Provenance, readProvenance } from './provenance.ts';
export type * from './types.ts';
export { leastWaste, type ShareWaste, wastedFiles, wasteOfShares, wasteText } from './shareWaste.ts';
export { type LayerFile, type LayerWaste, type WastedBy, wasteOf } from './waste.ts';
