import type { Range } from '../text/range.ts';

/** First and last line, 1-based and inclusive, as people, reports and builders count them. */
export type LineSpan = readonly [first: number, last: number];

/**
 * Who brought a layer: the base image, an instruction of the Dockerfile, a `COPY --from` that took it out of another
 * stage or image, or a trigger that the base image holds ready (`ONBUILD`).
 */
export type LayerKind = 'base' | 'own' | 'copied' | 'onbuild';

/**
 * How sure the lines of a layer are, from the best to none:
 * `exact`: the builder's own record (provenance) says so;
 * `matched`: history and Dockerfile agree in this place and nearly everywhere else;
 * `likely`: the texts differ a little, or something else fits nearly as well;
 * `position`: the text is another one, only the place among its neighbours speaks for it;
 * `group`: the layer holds the work of several instructions and can't be divided;
 * `unknown`: no line can be named.
 */
export type Confidence = 'exact' | 'matched' | 'likely' | 'position' | 'group' | 'unknown';

/** An instruction of the Dockerfile, as plain data. */
export interface InstructionPlace {
  readonly keyword: string;
  readonly lines: LineSpan;
  /** Offsets in the text that was analysed. */
  readonly range: Range;
  /** Name of the stage, or its number when it has none. */
  readonly stage: string;
}

/** Where `COPY --from` took its files: a stage and the lines that made them, or an image outside. */
export interface CopySource {
  /** Name or number of the stage, or the name of the image. */
  readonly name: string;
  readonly isStage: boolean;
  /** From the first to the last instruction of the stage that writes files; absent for an image. */
  readonly lines?: LineSpan;
}

/** A layer of the image and the lines it comes from. */
export interface LayerOrigin {
  /** 0-based, from the bottom of the image. */
  readonly index: number;
  readonly diffId: string;
  /** Uncompressed bytes; absent when not known. */
  readonly size?: number;
  /** `own` when nothing is known (confidence `unknown`). */
  readonly kind: LayerKind;
  readonly confidence: Confidence;
  /** One for a layer of one instruction, several for a group, FROM for the base image, none when not known. */
  readonly instructions: readonly InstructionPlace[];
  readonly copiedFrom?: CopySource;
  /** What stages below have done in the same layer, when squashing has dropped their history; absent otherwise. */
  readonly below?: readonly InstructionPlace[];
  /** Whether the base image is in the same layer: the image was squashed into one. */
  readonly flattened: boolean;
  /** History text, for layers without lines; absent when the history doesn't fit the layers. */
  readonly createdBy?: string;
}

export interface ImageMatch {
  /** Whether the image was built from this Dockerfile, or one that differs a little. */
  readonly matches: boolean;
  /** 1: every instruction was found again; below 0.3 the Dockerfile is another one. */
  readonly quality: number;
  /** What was not as expected, one sentence each. */
  readonly notes: readonly string[];
}
