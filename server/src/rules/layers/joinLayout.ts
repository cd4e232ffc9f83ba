import type { Run } from '../../model/run.ts';
import type { Comment } from '../../syntax/logicalLines.ts';

/** How a script goes on in the next line, as the RUNs at hand are written. */
export interface JoinLayout {
  /** What stands between two scripts that become one; comments get a line of their own each. */
  join(joint: '&&' | ';', comments: readonly Comment[]): string;
}

/** Reads the indentation, and whether `&&` ends a line or begins one, off the first line break that tells. */
export function joinLayout(runs: readonly Run[]): JoinLayout {
  const { dockerfile } = runs[0]!.stage;
  const breaks = runs.flatMap(lineBreaksOf);
  const telling = breaks.find((each) => each.begins || each.ends !== 'nothing');
  const isTrailing = telling !== undefined && !telling.begins && telling.ends === '&&';
  const indent = telling?.indent ?? (breaks[0]?.indent.startsWith('\t') ? '\t' : '    ');
  const lineEnd = dockerfile.escape + dockerfile.lineBreak;
  return {
    join(joint, comments) {
      const lines = comments.map((comment) => indent + dockerfile.slice(comment.range) + dockerfile.lineBreak).join('');
      if (joint === ';') return `; ${lineEnd}${lines}${indent}`;
      return isTrailing ? ` && ${lineEnd}${lines}${indent}` : ` ${lineEnd}${lines}${indent}&& `;
    },
  };
}

interface LineBreak {
  /** The operator in front of the continuation mark. */
  readonly ends: '&&' | ';' | 'nothing';
  /** Whether the next line begins with `&&`. */
  readonly begins: boolean;
  readonly indent: string;
}

function lineBreaksOf(run: Run): LineBreak[] {
  const { text } = run.stage.dockerfile;
  const { line } = run.instruction;
  return line.continuations.map(({ start, end }) => {
    const before = text.slice(line.range.start, start).trimEnd();
    const indent = /^[ \t]*/.exec(text.slice(end, end + 200))![0];
    return {
      ends: before.endsWith('&&') ? '&&' : before.endsWith(';') ? ';' : 'nothing',
      begins: text.startsWith('&&', end + indent.length),
      indent,
    };
  });
}
