/**
 * Requests between the language server and the VS Code extension that the Language Server Protocol does not have.
 */

/** Asks for the stages and build arguments of an open Dockerfile; the answer is null for other documents. */
export const dockerfileInfoRequest = 'plimsoll/dockerfileInfo';

export interface DockerfileInfoParams {
  readonly textDocument: { readonly uri: string };
}

export interface DockerfileInfo {
  readonly stages: readonly StageInfo[];
  readonly args: readonly ArgInfo[];
}

export interface StageInfo {
  /** The name given with `AS`; absent for a stage that has none. */
  readonly name?: string | undefined;
  /** Position among the stages, 0-based. */
  readonly index: number;
  readonly isFinal: boolean;
  /** 0-based line of the stage's FROM. */
  readonly line: number;
  /** The image as written after FROM. */
  readonly image?: string | undefined;
}

export interface ArgInfo {
  readonly name: string;
  readonly hasDefault: boolean;
}

/** Sent by a server without files: asks for the nearest configuration file of a document; the answer may be null. */
export const findConfigRequest = 'plimsoll/findConfig';

export interface FindConfigParams {
  /** Of the document. */
  readonly uri: string;
}

export interface ConfigText {
  readonly uri: string;
  readonly text: string;
}
