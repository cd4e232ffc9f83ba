import type { Range } from '../../text/range.ts';

export type EntryKind =
  | 'keyword'
  | 'snippet'
  | 'flag'
  | 'value'
  | 'stage'
  | 'variable'
  | 'image'
  | 'tag'
  | 'user'
  | 'rule'
  | 'directive'
  | 'file'
  | 'folder';

/** Something that can be written at the cursor. */
export interface Entry {
  readonly kind: EntryKind;
  readonly label: string;
  /** A few words beside the label. */
  readonly detail?: string | undefined;
  /** Markdown. */
  readonly documentation?: string | undefined;
  /** What is written, when it is not the label. */
  readonly text?: string | undefined;
  /** Whether `text` is a snippet with `$1` for places to fill in; such entries are only made when they are asked for. */
  readonly isSnippet?: boolean | undefined;
  /** Whether something else can be completed right behind it. */
  readonly goesOn?: boolean | undefined;
  readonly deprecated?: boolean | undefined;
}

/** Entries for one place, the most fitting first. */
export interface Completions {
  /** What is replaced when the text behind the cursor is kept, and when it is not: both start at the same offset. */
  readonly insert: Range;
  readonly replace: Range;
  readonly entries: readonly Entry[];
}
