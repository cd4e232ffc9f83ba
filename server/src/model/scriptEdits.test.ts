import assert from 'node:assert/strict';
import { applyEdits, type Edit } from '../text/edit.ts';
import type { Command } from './command.ts';
import { buildModel } from './dockerfile.ts';
import type { Run } from './run.ts';
import {
  appendToScript,
  insertBehind,
  insertWord,
  removeFromScript,
  removeWord,
  stopsAtFailure,
} from './scriptEdits.ts';

function runOf(text: string): Run {
  return buildModel(`FROM debian:13\n${text}`).runs.at(-1)!;
}

function edited(text: string, edit: (run: Run) => Edit | undefined): string | undefined {
  const found = edit(runOf(text));
  return found && applyEdits(`FROM debian:13\n${text}`, [found]).slice('FROM debian:13\n'.length);
}

const append = (text: string): string | undefined => edited(text, (run) => appendToScript(run, 'end'));
const named = (run: Run, name: string): Command => run.commands.find((command) => command.name === name)!;
const behind = (text: string): string | undefined => edited(text, (run) => insertBehind(named(run, 'a'), 'end'));
const without = (text: string): string | undefined => edited(text, (run) => removeFromScript(named(run, 'a')));

describe('edits of scripts', () => {
  describe('appending', () => {
    const cases: Readonly<Record<string, readonly [string, string]>> = {
      'one line': ['RUN a && b', 'RUN a && b && end'],
      'one command': ['RUN a', 'RUN a && end'],
      'a leading &&': ['RUN a \\\n    && b x \\\n       y', 'RUN a \\\n    && b x \\\n       y \\\n    && end'],
      'a trailing &&': ['RUN a && \\\n  b', 'RUN a && \\\n  b && \\\n  end'],
      'a trailing && without blank': ['RUN a&& \\\n  b', 'RUN a&& \\\n  b&& \\\n  end'],
      'words over lines': ['RUN a && b \\\n  x \\\n  y', 'RUN a && b \\\n  x \\\n  y \\\n  && end'],
      semicolons: ['RUN a; b', 'RUN a; b && end'],
      'semicolons after set -e': ['RUN set -eux; a; b', 'RUN set -eux; a; b; end'],
      'lines after set -e': [
        'RUN set -eux; \\\n\ta; \\\n\tb x \\\n\t\ty',
        'RUN set -eux; \\\n\ta; \\\n\tb x \\\n\t\ty; \\\n\tend',
      ],
      'a mark at the end': ['RUN a && b \\\n', 'RUN a && b && end \\\n'],
      'a trailing semicolon': ['RUN a && b;', 'RUN a && b && end;'],
      'a comment inside': ['RUN a \\\n  # why\n  && b', 'RUN a \\\n  # why\n  && b \\\n  && end'],
      'an if': ['RUN if x; then y; fi', 'RUN if x; then y; fi && end'],
      heredoc: ['RUN <<EOF\na\nb\nEOF', 'RUN <<EOF\na\nb && end\nEOF'],
      'heredoc after set -e': ['RUN <<EOF\nset -e\na\n  b\nEOF', 'RUN <<EOF\nset -e\na\n  b\n  end\nEOF'],
      'heredoc of bash -e': ['RUN bash -ex <<EOF\na\nEOF', 'RUN bash -ex <<EOF\na\nend\nEOF'],
      'heredoc lists': ['RUN <<EOF\na &&\n  b\nEOF', 'RUN <<EOF\na &&\n  b &&\n  end\nEOF'],
    };
    for (const [name, [before, after]] of Object.entries(cases)) {
      it(name, () => assert.equal(append(before), after));
    }
    const refused: readonly string[] = [
      'RUN a || b',
      'RUN a && b || true',
      'RUN a; true',
      'RUN a; exit 0',
      'RUN a &',
      'RUN exec a',
      'RUN a # because',
      'RUN ["a", "b"]',
      'RUN a "b',
      'RUN python3 <<EOF\na\nEOF',
      'RUN a && cat <<EOF > x\nb\nEOF',
      'RUN <<EOF\na\ncat <<X > y\nx\nX\nEOF',
      'RUN f() { a; }',
      'RUN apt-get inst\\\nall x',
    ];
    for (const text of refused) it(`refuses ${JSON.stringify(text)}`, () => assert.equal(append(text), undefined));
  });

  it('inserts behind a command', () => {
    assert.equal(behind('RUN a && b'), 'RUN a && end && b');
    assert.equal(behind('RUN a \\\n && b'), 'RUN a \\\n && end \\\n && b');
    assert.equal(behind('RUN x && \\\n  a && \\\n  b'), 'RUN x && \\\n  a && \\\n  end && \\\n  b');
    assert.equal(behind('RUN (cd x && a) && b'), 'RUN (cd x && a && end) && b');
    assert.equal(behind('RUN set -e; a; b'), 'RUN set -e; a; end; b');
    assert.equal(behind('RUN <<EOF\na\nb\nEOF'), 'RUN <<EOF\na && end\nb\nEOF');
    for (const text of ['RUN a || b', 'RUN if a; then b; fi', 'RUN a | b', 'RUN a &', 'RUN x=$(a)', 'RUN ! a'])
      assert.equal(behind(text), undefined, text);
  });

  it('gives a command one more word', () => {
    const more = (text: string): string | undefined =>
      edited(text, (run) => insertWord(named(run, 'a'), named(run, 'a').subcommandRange, '-y'));
    assert.equal(more('RUN a b c'), 'RUN a b -y c');
    assert.equal(more('RUN ["a", "b", "c"]'), 'RUN ["a", "b", "-y", "c"]');
    assert.equal(more('RUN a b "'), undefined);
  });

  it('takes an argument away', () => {
    const less = (text: string): string | undefined =>
      edited(text, (run) => removeWord(named(run, 'a'), named(run, 'a').args.find((word) => word.text === '-f')!));
    assert.equal(less('RUN a -f b'), 'RUN a b');
    assert.equal(less('RUN a b \\\n  -f \\\n  c'), 'RUN a b \\\n  c');
    assert.equal(less('RUN a b \\\n  # why\n  -f c'), 'RUN a b \\\n  # why\n  c');
    assert.equal(less('RUN ["a", "-f"]'), undefined);
  });

  it('removes a command', () => {
    assert.equal(without('RUN a && b'), 'RUN b');
    assert.equal(without('RUN a \\\n  && b'), 'RUN b');
    assert.equal(without('RUN b && a'), 'RUN b');
    assert.equal(without('RUN a; b'), 'RUN b');
    assert.equal(without('RUN <<EOF\na\nb\nEOF'), 'RUN <<EOF\nb\nEOF');
    for (const text of ['RUN a', 'RUN a || b', 'RUN a \\\n # why\n && b', 'RUN b; a'])
      assert.equal(without(text), undefined, text);
  });

  it('tells whether a failure ends the script', () => {
    assert.equal(stopsAtFailure(runOf('RUN set -ex; a')), true);
    assert.equal(stopsAtFailure(runOf('RUN set -o errexit && a')), true);
    assert.equal(stopsAtFailure(runOf('RUN set -e; set +e; a')), false);
    assert.equal(stopsAtFailure(runOf('RUN a; set -e')), false);
    assert.equal(stopsAtFailure(runOf('SHELL ["/bin/bash", "-eo", "pipefail", "-c"]\nRUN a')), true);
    assert.equal(stopsAtFailure(runOf('RUN a')), false);
  });
});
