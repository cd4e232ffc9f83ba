import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { completionsAt } from '../../server/src/features/completion/index.ts';
import { inlayHints } from '../../server/src/features/inlayHints.ts';
import { links } from '../../server/src/features/links.ts';
import { definitionsAt, occurrencesAt, rename, renameTarget } from '../../server/src/features/navigation/index.ts';
import { BuildContext, contextReaderOf } from '../../server/src/model/context.ts';
import { buildModel, type Dockerfile } from '../../server/src/model/dockerfile.ts';
import { allRules } from '../../server/src/rules/index.ts';
import { applyEdits } from '../../server/src/text/edit.ts';
import type { Range } from '../../server/src/text/range.ts';
import { cpuTime } from '../helpers/cpuTime.ts';

/**
 * Whatever is asked, at whatever place of whatever text: an answer, in time, inside the text. With PLIMSOLL_CORPUS=DIR the
 * Dockerfiles of that folder are asked about, too.
 */

const context = new BuildContext(contextReaderOf({ 'package.json': '{}', 'src/main.js': '', 'src/lib/a.js': '' }));

const texts: Readonly<Record<string, string>> = {
  'all instructions': [
    '# syntax=docker/dockerfile:1-labs',
    '# check=skip=all',
    'ARG V=24 OTHER',
    'FROM --platform=$BUILDPLATFORM node:${V}-slim AS build',
    'ARG V',
    'ENV A=1 \\',
    '    # a comment',
    '    B="$A x" \\',
    '',
    "    C='$A'",
    'RUN --mount=type=cache,target=/root/.npm,sharing=locked --mount=type=bind,from=build,source=/x,target=/y npm ci && echo "$V" ${A:-$B}',
    '# plimsoll ignore=root-user, latest-tag: reasons',
    'COPY --chown=node:node --chmod=755 package.json src/lib/ ./',
    'COPY ["src/main.js", "/x y/"]',
    'RUN <<EOF',
    'echo $A',
    'EOF',
    'COPY <<"END" <<-TWO /etc/',
    'not $A',
    'END',
    '\t$B',
    '\tTWO',
    'FROM build',
    'ONBUILD COPY --from=build a b',
    'COPY --from=0 /x /y',
    'COPY --from=nginx:latest /x /y',
    'ADD --checksum=sha256:0 https://example.com/a.tgz /',
    'HEALTHCHECK --interval=5s CMD curl $A',
    'LABEL org.opencontainers.image.title="a"',
    'SHELL ["/bin/sh"]',
    'EXPOSE 80/tcp $A',
    'USER node:node',
    'STOPSIGNAL SIGTERM',
    'CMD echo $B',
    'ENTRYPOINT ["x", "$A"]',
  ].join('\n'),
  'half-written': [
    'FROM',
    'FROM --',
    'FROM --platform=',
    'FROM ${',
    'FROM node:',
    'FROM node:24@',
    'FROM node:24 A',
    'COPY --from= ',
    'COPY [',
    'COPY ["',
    'COPY ["a", "b',
    'RUN --mount=',
    'RUN --mount=type=,from=,target',
    'ENV A',
    'ENV =$',
    'ARG',
    'ARG =',
    'USER',
    '#',
    '# plimsoll ignore=',
    'ONBUILD',
    'ONBUILD ONBUILD RUN',
    'HEALTHCHECK --interval=',
    'LABEL "',
    'RUN $(\\',
    '',
    '  x$\\',
    'A',
    'COPY <<EOF',
    '$',
  ].join('\n'),
  'stages in a circle': 'FROM b AS a\nFROM a AS b\nCOPY --from=c / /\nFROM c AS c\nFROM $X AS ${Y}\nFROM a AS a\n',
  windows: '# escape=`\nFROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nARG A\nRUN dir c:\\$A `\n  && echo %A%\n',
  blank: '\n \n\t\n',
  nothing: '',
};

describe('editing at every place', function () {
  this.timeout(60_000);

  for (const [name, text] of Object.entries(texts)) {
    it(`answers: ${name}`, () => {
      for (const written of [text, text.replaceAll('\n', '\r\n'), `\uFEFF${text}`]) {
        askEverywhere(written);
        for (let end = 0; end <= written.length; end++) ask(modelOf(written.slice(0, end)), end);
      }
    });
  }

  it('answers for every Dockerfile of a folder', function () {
    const folder = process.env.PLIMSOLL_CORPUS;
    if (folder === undefined) return this.skip();
    this.timeout(0);
    let slowest = { file: '', milliseconds: 0 };
    for (const file of readdirSync(folder)) {
      const text = readFileSync(join(folder, file), 'utf8');
      const started = performance.now();
      try {
        askEverywhere(text);
      } catch (error) {
        throw new Error(`${file}: ${String(error)}`, { cause: error });
      }
      const milliseconds = (performance.now() - started) / (text.length + 1);
      if (milliseconds > slowest.milliseconds) slowest = { file, milliseconds };
    }
    console.log(`      slowest: ${slowest.file}, ${slowest.milliseconds.toFixed(2)} ms for all questions at one place`);
  });

  it('takes a few milliseconds in a long file', () => {
    const text = texts['all instructions']!.repeat(30);
    const dockerfile = modelOf(text);
    ask(dockerfile, 0);
    const times = Array.from({ length: 50 }, (_, index) =>
      cpuTime(() => ask(dockerfile, Math.floor((index / 50) * text.length))),
    );
    const median = times.sort((a, b) => a - b)[25]!;
    assert.ok(median < 25, `${median} ms in ${dockerfile.lines.lineCount} lines`);
  });
});

function modelOf(text: string): Dockerfile {
  return buildModel(text, { today: '2026-11-23', context });
}

function askEverywhere(text: string): void {
  const dockerfile = modelOf(text);
  for (let offset = 0; offset <= text.length; offset++) ask(dockerfile, offset);
  for (const { range } of links(dockerfile)) assertIn(text, range);
  for (const { offset } of inlayHints(dockerfile, { start: 0, end: text.length })) assert.ok(offset <= text.length);
  renameEverything(dockerfile);
}

function ask(dockerfile: Dockerfile, offset: number): void {
  const { text } = dockerfile;
  for (const trigger of [undefined, ' ']) {
    const completions = completionsAt(dockerfile, offset, {
      rules: allRules,
      findings: () => [],
      context: () => context,
      snippets: true,
      trigger,
    });
    if (!completions) continue;
    const { insert, replace, entries } = completions;
    assertIn(text, replace);
    assert.ok(insert.start === replace.start && insert.end === offset && offset <= replace.end);
    assert.doesNotMatch(text.slice(replace.start, replace.end), /[\r\n]/, 'an editor can replace in one line only');
    assert.ok(entries.length > 0 && entries.every(({ label }) => label !== ''));
    assert.equal(new Set(entries.map(({ label, kind }) => label + kind)).size, entries.length, 'nothing twice');
  }
  const occurrences = occurrencesAt(dockerfile, offset);
  for (const { range } of occurrences) assertIn(text, range);
  const definitions = definitionsAt(dockerfile, offset);
  for (const range of definitions) assertIn(text, range);
  assert.equal(definitions.length > 0, occurrences.length > 0);
  renameTarget(dockerfile, offset);
}

/** What can be renamed is the same thing with another name: named in the same places, and found from each. */
function renameEverything(dockerfile: Dockerfile): void {
  const done = new Set<number>();
  for (let offset = 0; offset <= dockerfile.text.length; offset++) {
    const target = renameTarget(dockerfile, offset);
    if (!target || 'refusal' in target || done.has(target.range.start)) continue;
    const name = 'Zz_9'.padEnd(target.range.end - target.range.start, 'z');
    const edits = rename(dockerfile, offset, name);
    assert.ok(!('refusal' in edits));
    for (const { range } of edits) done.add(range.start);
    assert.ok(edits.some(({ range }) => range.start === target.range.start));
    const after = modelOf(applyEdits(dockerfile.text, edits));
    const shift = edits.filter(({ range }) => range.start < target.range.start).length;
    const start = target.range.start + shift * (name.length - (target.range.end - target.range.start));
    const before = occurrencesAt(dockerfile, target.range.start);
    assert.equal(occurrencesAt(after, start).length, before.length, `${target.name} at ${target.range.start}`);
  }
}

function assertIn(text: string, { start, end }: Range): void {
  assert.ok(0 <= start && start <= end && end <= text.length, `${start}..${end} of ${text.length}`);
}
