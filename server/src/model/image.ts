import type { BaseImageFacts, ImageName } from '../facts/index.ts';
import { baseImageFacts } from '../facts/index.ts';
import { type ImageReference, parseImageReference } from '../syntax/imageReference.ts';
import type { Word } from '../syntax/words.ts';
import type { Environment } from './environment.ts';
import type { Stage } from './stage.ts';

/** What a stage is built from. */
export class BaseImage {
  /** The image word of FROM; undefined when it is missing. */
  readonly word: Word | undefined;
  /** As written, with its ranges in the document; pieces may hold variables. */
  readonly written: ImageReference | undefined;
  /** With variables replaced by their defaults; undefined when that can't be known. */
  readonly resolved: ImageName | undefined;
  /** The stage of this file that the name means. */
  readonly stage: Stage | undefined;

  #facts: BaseImageFacts | undefined | null = null;

  constructor(
    word: Word | undefined,
    environment: Environment,
    escape: string,
    stage: (name: string) => Stage | undefined,
  ) {
    this.word = word;
    const quoted = word && /^(["'])(.*)\1$/.exec(word.text);
    this.written =
      word &&
      (quoted
        ? parseImageReference(quoted[2]!, word.range.start + 1)
        : parseImageReference(word.text, word.range.start));
    const text = word && environment.expand(word.text, escape);
    this.stage = text === undefined ? undefined : stage(text);
    this.resolved = text === undefined || text === '' || this.stage ? undefined : parseImageReference(text, 0);
  }

  /** The image name with variables replaced; as written when they can't be. */
  get name(): string {
    const { resolved } = this;
    if (!resolved) return this.word?.text ?? '';
    const repository = resolved.registry ? `${resolved.registry}/${resolved.repository}` : resolved.repository;
    return repository + (resolved.tag ? `:${resolved.tag}` : '') + (resolved.digest ? `@${resolved.digest}` : '');
  }

  get isScratch(): boolean {
    return this.resolved?.repository === 'scratch' && this.resolved.registry === undefined;
  }

  /** An image from a registry: neither a stage nor scratch, and its name is known. */
  get isExternal(): boolean {
    return this.resolved !== undefined && !this.isScratch;
  }

  /** Whether variables take part in the name. */
  get hasVariable(): boolean {
    return this.word?.hasVariable ?? false;
  }

  /** What is known offline about the image; undefined for stages, scratch and images that are not known. */
  get facts(): BaseImageFacts | undefined {
    if (this.#facts === null) this.#facts = this.isExternal ? baseImageFacts(this.resolved!) : undefined;
    return this.#facts ?? undefined;
  }
}
