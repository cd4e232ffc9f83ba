import { mkdir } from 'node:fs/promises';
import type { ImageFacts } from '../../../server/src/attribution/index.ts';
import {
  buildMetadata,
  type BuildSource,
  findEngine,
  listLocalImages,
  localImageFacts,
  lookIntoArchive,
  lookIntoImage,
  type LookedInto,
  runProgram,
  scanImage,
  type LocalImage,
  type ScanOutcome,
  type ScanProgress,
  type ScanRequest,
  type ScanSettings,
  type ScanSource,
  type ScanTools,
  type Step,
  thisMachine,
} from '../../../server/src/engine/index.ts';

/** Runs the engine and Trivy on this machine. */
export class Scanner {
  readonly #storageFolder: string;
  readonly #log: (line: string) => void;

  /** @param storageFolder absolute; the tools run in it, and what they need for a while is put there */
  constructor(storageFolder: string, log: (line: string) => void) {
    this.#storageFolder = storageFolder;
    this.#log = log;
  }

  scan(request: ScanRequest, signal: AbortSignal, progress: (progress: ScanProgress) => void): Promise<ScanOutcome> {
    return scanImage(request, { ...this.#tools(signal), now: () => new Date(), progress });
  }

  /** The engine's images, newest first. */
  async listImages(settings: ScanSettings, signal: AbortSignal): Promise<Step<readonly LocalImage[]>> {
    const step = await listLocalImages(settings, this.#tools(signal));
    return step.status === 'done' ? { status: 'done', value: step.value.images } : step;
  }

  /** What the layers of an image are, asked of the engine alone; builds it first when it is a Dockerfile. */
  async layers(
    source: BuildSource | Extract<ScanSource, { readonly kind: 'local' }>,
    settings: ScanSettings,
    signal: AbortSignal,
    progress: (message: string) => void,
  ): Promise<Step<{ readonly facts: ImageFacts; readonly metadata?: string | undefined }>> {
    const tools = this.#tools(signal);
    await mkdir(this.#storageFolder, { recursive: true });
    const engine = await findEngine(settings, tools);
    if (engine.status !== 'done') return engine;
    const before = source.kind === 'build' ? await engine.value.image(source.tag) : undefined;
    const built = source.kind === 'build' ? await engine.value.build(source, settings, progress) : undefined;
    if (built && built.status !== 'done') return built;
    // The image of the build before has just lost its name.
    const old = before?.status === 'done' ? before.value?.id : undefined;
    if (old !== undefined && old !== built?.value.id) await engine.value.removeUnnamed(old);
    const reference = source.kind === 'build' ? source.tag : source.reference;
    const id = built?.value.id ?? reference;
    const facts = await localImageFacts(engine.value, id, tools);
    if (facts.status !== 'done') return facts;
    const metadata = await buildMetadata(engine.value, id, built?.value, tools);
    return { status: 'done', value: { facts: facts.value, metadata } };
  }

  /**
   * Looks into the layers of an image, all of which is read once. The engine must have it.
   *
   * @param onBytes gets how many bytes were read until now
   */
  async lookInto(
    source: ScanSource,
    settings: ScanSettings,
    signal: AbortSignal,
    onBytes: (bytes: number) => void,
  ): Promise<Step<LookedInto>> {
    if (source.kind === 'archive') return lookIntoArchive(source.path, signal);
    await mkdir(this.#storageFolder, { recursive: true });
    const engine = await findEngine(settings, this.#tools(signal));
    if (engine.status !== 'done') return engine;
    return lookIntoImage(engine.value, source.kind === 'build' ? source.tag : source.reference, onBytes);
  }

  #tools(signal: AbortSignal): ScanTools {
    return { run: runProgram, machine: thisMachine, storageFolder: this.#storageFolder, signal, log: this.#log };
  }
}
