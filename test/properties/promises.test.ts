import assert from 'node:assert/strict';
import fc from 'fast-check';
import { checkText } from '../../scripts/corpus/checkText.ts';
import { analyse, type AnalyseOptions, fixText } from '../../server/src/lint/analyse.ts';
import { allRules } from '../../server/src/rules/index.ts';
import { testToday } from '../helpers/describeRule.ts';
import { propertyRuns } from '../helpers/propertyRuns.ts';

/** Lines that rules look at, some of them broken, to be put together at random. */
const lines = [
  'FROM node:14',
  'FROM debian:12 AS build',
  'FROM build',
  'from python:3.8 as x',
  'FROM golang:1.26',
  'FROM scratch',
  'FROM $BASE',
  'ARG BASE=alpine',
  'RUN apt-get update',
  'RUN apt-get install curl',
  'RUN apt-get update && apt-get install -y git make \\\n    # tools\n    gcc && rm -rf /var/lib/apt/lists/*',
  'RUN cd /tmp && wget https://example.com/x.tgz | tar xz; true',
  'RUN set -ex; false || true',
  'RUN pip install -r requirements.txt',
  'RUN npm install',
  'RUN npm run build',
  'RUN apk add --update curl',
  'RUN <<EOF\nset -e\napt-get update\napt-get install curl\nEOF',
  'RUN ["apt-get", "update"]',
  'RUN --mount=type=cache,target=/var/cache/apt apt-get update',
  'COPY . .',
  'COPY package.json ./',
  'ADD src /app',
  'COPY --from=biuld /x /y',
  'WORKDIR app',
  'WORKDIR /app',
  'ENV A b c',
  'ENV A=1 B = 2',
  'USER root',
  'USER app',
  'EXPOSE 80',
  "CMD ['node', 'x']",
  'CMD ["node", "x.js"]',
  'ENTRYPOINT ./run',
  'HEALTHCHECK CMD curl localhost',
  'ONBUILD RUN apt-get install x',
  'MAINTAINER me',
  '# a comment',
  '# plimsoll ignore=latest-tag: no',
  '',
  'RNU typo',
  'RUN broken \\',
  'SHELL ["/bin/bash", "-eo", "pipefail", "-c"]',
];

const dockerfile = fc
  .tuple(
    fc.array(fc.constantFrom(...lines), { minLength: 1, maxLength: 14 }),
    fc.constantFrom('\n', '\r\n'),
    fc.boolean(),
  )
  .map(([chosen, lineBreak, ended]) => (chosen.join('\n') + (ended ? '\n' : '')).replaceAll('\n', lineBreak));

/** Text near a Dockerfile: pieces cut out, doubled and swapped for odd characters. */
const damaged = fc
  .tuple(
    dockerfile,
    fc.nat(),
    fc.nat(20),
    fc.constantFrom('', '\\', '"', "'", '$', '${', '<<', '\u0000', '\uFEFF', '\t', '`', '[', '&&', '\uD800', '=', '\r'),
  )
  .map(([text, at, length, inserted]) => {
    const start = at % (text.length + 1);
    return text.slice(0, start) + inserted + text.slice(start + length);
  });

const options: AnalyseOptions = { rules: allRules, today: testToday };

describe('promises on any text', () => {
  it('hold for every finding and fix', function () {
    this.timeout(60_000);
    fc.assert(
      fc.property(dockerfile, (text) => {
        assert.deepEqual(checkText(text, options).breaches, [], text);
      }),
      propertyRuns(250),
    );
  });

  it('linting and fixing never throw, whatever the text', function () {
    this.timeout(60_000);
    fc.assert(
      fc.property(fc.oneof(damaged, fc.string({ unit: 'binary', maxLength: 200 })), (text) => {
        const { findings, problems } = analyse(text, options);
        for (const { range } of findings)
          assert.ok(range.start >= 0 && range.start <= range.end && range.end <= text.length);
        assert.deepEqual(
          problems.filter((problem) => problem.kind === 'rule-failed'),
          [],
        );
        const fixed = fixText(text, options);
        assert.equal(fixText(fixed.text, options).text, fixed.text);
      }),
      propertyRuns(400),
    );
  });

  it('CRLF gives the same findings as LF', function () {
    this.timeout(60_000);
    // A script in a heredoc would get the carriage returns, so none is offered there.
    const brief = (text: string): unknown[] =>
      analyse(text, options).findings.map(({ rule, message, fixes }) => [
        rule,
        message,
        fixes.map((fix) => fix.title).filter((title) => !title.includes('heredoc')),
      ]);
    fc.assert(
      fc.property(dockerfile, (text) => {
        const lf = text.replaceAll('\r\n', '\n');
        assert.deepEqual(brief(lf.replaceAll('\n', '\r\n')), brief(lf));
      }),
      propertyRuns(150),
    );
  });
});
