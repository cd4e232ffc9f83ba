import assert from 'node:assert/strict';
import { splitLogicalLines } from './logicalLines.ts';

const heads = (text: string): string[] =>
  splitLogicalLines(text).lines.map((line) => line.text.replaceAll(/\s+/g, ' '));

describe('splitLogicalLines', () => {
  it('joins continuation lines and drops comments and blank lines between them', () => {
    assert.deepEqual(heads('RUN a \\\n  # why\n\n  && b\nCMD c\n'), ['RUN a && b', 'CMD c']);
  });

  it('keeps the length, so that an offset in the text is one in the document', () => {
    const text = '\n  RUN a \\\r\n    # comment\r\n  && "b"\r\nCMD c';
    const [line] = splitLogicalLines(text).lines;
    assert.equal(line!.text.length, line!.headRange.end - line!.headRange.start);
    const at = line!.text.indexOf('"b"');
    assert.equal(text.slice(line!.headRange.start + at, line!.headRange.start + at + 3), '"b"');
  });

  it('takes two escape characters at the end of a line for a literal one, with a blank between for a continuation', () => {
    assert.deepEqual(heads('RUN a \\\\\nRUN b'), ['RUN a \\\\', 'RUN b']);
    assert.deepEqual(heads('RUN a \\ \\\nRUN b'), ['RUN a \\ RUN b']);
  });

  it('allows blanks behind the mark', () => assert.deepEqual(heads('RUN a \\  \t\n b'), ['RUN a b']));

  it('ends at the end of the file', () => {
    assert.deepEqual(heads('RUN a \\'), ['RUN a']);
    assert.deepEqual(heads('RUN a \\\n\n# c\n'), ['RUN a']);
  });

  it('strips a byte order mark and keeps offsets', () => {
    const [line] = splitLogicalLines('\uFEFFFROM a').lines;
    assert.deepEqual(line!.range, { start: 1, end: 7 });
  });

  it('tells where words are glued together', () => {
    const [glued] = splitLogicalLines('RUN ap\\\nt-get').lines;
    assert.equal(glued!.gluedAt.length, 1);
    const [apart] = splitLogicalLines('RUN a &&\\\nb').lines;
    assert.equal(apart!.gluedAt.length, 0);
  });

  describe('directives', () => {
    it('are escape, syntax and check only', () => {
      const { directives, comments } = splitLogicalLines(
        '# syntax = a/b:1\n# check=skip=X\n# note = x\n# escape=`\nFROM a',
      );
      assert.deepEqual(
        directives.map((directive) => [directive.name, directive.value]),
        [
          ['syntax', 'a/b:1'],
          ['check', 'skip=X'],
        ],
      );
      assert.deepEqual(
        comments.map((comment) => comment.text),
        ['note = x', 'escape=`'],
      );
    });

    it('end at a blank line', () => assert.equal(splitLogicalLines('\n# escape=`\nFROM a').escape, '\\'));

    it('set the escape character', () => {
      assert.deepEqual(heads('# escape=`\nRUN a `\n b\nCOPY c:\\x d:\\\nCMD e'), [
        'RUN a b',
        'COPY c:\\x d:\\',
        'CMD e',
      ]);
    });

    it('may not be repeated', () => {
      const kinds = splitLogicalLines('# escape=`\n# escape=`\n').problems.map((problem) => problem.kind);
      assert.deepEqual(kinds, ['directive-repeated']);
    });
  });

  describe('heredocs', () => {
    const heredocs = (text: string) =>
      splitLogicalLines(text).lines.flatMap((line) =>
        line.heredocs.map((heredoc) => [
          heredoc.name,
          text.slice(heredoc.bodyRange.start, heredoc.bodyRange.end),
          heredoc.expand,
        ]),
      );

    it('have a raw body up to the terminator', () => {
      assert.deepEqual(heredocs('RUN <<EOF\na \\\n# b\n\nEOF\nRUN c'), [['EOF', 'a \\\n# b\n\n', true]]);
      assert.deepEqual(heads('RUN <<EOF\nCOPY a b\nEOF\nRUN c'), ['RUN <<EOF', 'RUN c']);
    });

    it('may have a descriptor, quotes and tabs', () => {
      assert.deepEqual(heredocs('RUN cat 3<<EOF\na\nEOF'), [['EOF', 'a\n', true]]);
      assert.deepEqual(heredocs('COPY <<E"O"F /x\na\nEOF'), [['EOF', 'a\n', false]]);
      assert.deepEqual(heredocs('RUN <<-EOF\n\ta\n\tEOF\n'), [['EOF', '\ta\n', true]]);
    });

    it('may be several on one instruction', () => {
      assert.deepEqual(heredocs('COPY <<A <<B /x/\n1\nA\n2\nB\nRUN y'), [
        ['A', '1\n', true],
        ['B', '2\n', true],
      ]);
    });

    it('are none in quotes, in JSON form, in arithmetic and on other instructions', () => {
      assert.deepEqual(
        heredocs('RUN echo "<<EOF"\nRUN ["cat", "<<EOF"]\nRUN echo $((1<<2))\nENV A <<EOF\nRUN cat <<<x'),
        [],
      );
    });

    it('are found on RUN in ONBUILD', () =>
      assert.deepEqual(heredocs('ONBUILD RUN <<EOF\na\nEOF'), [['EOF', 'a\n', true]]));

    it('that are never ended are a problem and take the rest', () => {
      const split = splitLogicalLines('RUN <<EOF\na\nRUN b');
      assert.deepEqual(
        split.problems.map((problem) => problem.kind),
        ['heredoc-unterminated'],
      );
      assert.equal(split.lines.length, 1);
    });

    it('keep CRLF in the body', () =>
      assert.deepEqual(heredocs('RUN <<EOF\r\na\r\nEOF\r\n'), [['EOF', 'a\r\n', true]]));
  });
});
