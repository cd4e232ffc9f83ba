/**
 * Container engines and Trivy, run as processes: the adapter that the extension and the command line share.
 *
 * `scanImage(request, host)` does it all and never rejects; `listLocalImages` fills a pick list; `ScanSlot` keeps it
 * to one scan at a time; `checkImageReference` judges what is typed into an input box.
 */
import { mkdir } from 'node:fs/promises';
import { findEngine } from './engine.ts';
import { done, type Step } from './step.ts';
import type { ScanTools } from './tools.ts';
import type { EngineInfo, LocalImage, ScanSettings } from './types.ts';

export { buildMetadata, findBuildRecord } from './buildRecord.ts';
export { type BuiltImage, type Engine, findEngine } from './engine.ts';
export { exportMarkdown } from './exportMarkdown.ts';
export { exportSarif, sarifPieces, type SarifPlace } from './exportSarif.ts';
export { type Machine, thisMachine } from './findExecutable.ts';
export type { ArchivedImage } from './archivedImages.ts';
export { type ArchiveReading, readImageArchive } from './imageArchive.ts';
export { localImageFacts, lookIntoArchive, lookIntoImage, type LookedInto } from './imageFacts.ts';
export { checkImageReference, type ReferenceCheck, scanTag } from './imageReference.ts';
export { type RunProgram, runProgram } from './process.ts';
export { scanImage, type ScanHost } from './scanImage.ts';
export { type Conflict, ScanSlot } from './scanSlot.ts';
export type { Step } from './step.ts';
export type { ScanTools } from './tools.ts';
export { trivyCacheFolder } from './trivyContainer.ts';
export { checkPinnedImage, type PinnedImage } from './trivyContainerArguments.ts';
export type * from './types.ts';

/** The images of the engine in use, newest first. */
export async function listLocalImages(
  settings: ScanSettings,
  tools: ScanTools,
): Promise<Step<{ readonly engine: EngineInfo; readonly images: readonly LocalImage[] }>> {
  await mkdir(tools.storageFolder, { recursive: true });
  const engine = await findEngine(settings, tools);
  if (engine.status !== 'done') return engine;
  const images = await engine.value.images();
  return images.status === 'done' ? done({ engine: engine.value.info, images: images.value }) : images;
}
