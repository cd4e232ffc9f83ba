import assert from 'node:assert/strict';
import { buildModel } from '../../model/dockerfile.ts';
import { applyEdits } from '../../text/edit.ts';
import { lint } from '../../lint/lint.ts';
import { consecutiveRuns } from './consecutive-runs.ts';
import { heredocForm } from './heredocForm.ts';

function written(text: string): string | undefined {
  const edits = heredocForm(buildModel(`FROM debian:13\n${text}`).runs);
  return edits && applyEdits(`FROM debian:13\n${text}`, edits).slice('FROM debian:13\n'.length);
}

function titles(text: string): string[] {
  return lint(buildModel(text), [consecutiveRuns]).findings.flatMap((finding) => finding.fixes.map((fix) => fix.title));
}

const runs = 'FROM debian:13\nRUN mkdir /a\nRUN mkdir /b\n';

describe('heredocForm', () => {
  const cases: Readonly<Record<string, readonly [string, string]>> = {
    'takes lists of && apart and keeps the comments with their commands': [
      'RUN apt-get update && \\\n    apt-get install -y \\\n      # to fetch\n      curl \\\n      git\n\n# no lists\nRUN rm -rf /var/lib/apt/lists/*\n',
      'RUN <<EOF\nset -e\napt-get update\n# to fetch\napt-get install -y \\\n    curl \\\n    git\n# no lists\nrm -rf /var/lib/apt/lists/*\nEOF\n',
    ],
    'puts what leaves something behind into a subshell': [
      'RUN cd /etc && touch motd\nRUN mkdir a',
      'RUN <<EOF\nset -e\n(\n    cd /etc\n    touch motd\n)\nmkdir a\nEOF',
    ],
    'puts what fails without ending the shell into a subshell': [
      'RUN mkdir /a && ! test -e /b\nRUN mkdir /c',
      'RUN <<EOF\nset -e\n(\n    mkdir /a && ! test -e /b\n)\nmkdir /c\nEOF',
    ],
    'keeps a list of || together': [
      'RUN rm /c || true\nRUN mkdir /a || mkdir /b',
      'RUN <<EOF\nset -e\nrm /c || true\nmkdir /a || mkdir /b\nEOF',
    ],
    'keeps a list in the middle of a script together, where its first command may fail': [
      'RUN set -e; test -e /a && rm /a; mkdir /b\nRUN set -e; mkdir /c',
      'RUN <<EOF\nset -e\ntest -e /a && rm /a\nmkdir /b\nset -e\nmkdir /c\nEOF',
    ],
    'writes blocks without continuation marks': [
      'RUN set -eux; \\\n\tmkdir /a\nRUN set -eux; \\\n\tif [ -e /a ]; then \\\n\t\trm /a; \\\n\tfi',
      'RUN <<EOF\nset -eux\nmkdir /a\nset -eux\nif [ -e /a ]; then\n\trm /a\nfi\nEOF',
    ],
    'keeps flags and the case of the keyword': [
      'run --mount=type=cache,target=/c mkdir /a\nrun --mount=type=cache,target=/c mkdir /b',
      'run --mount=type=cache,target=/c <<EOF\nset -e\nmkdir /a\nmkdir /b\nEOF',
    ],
    'leaves variables to the shell': [
      'RUN echo "$A" > /a\nRUN B=1 && echo $B',
      'RUN <<EOF\nset -e\necho "$A" > /a\nB=1\necho $B\nEOF',
    ],
    'leaves no blank behind the delimiter': [
      'RUN mkdir /a \nRUN mkdir /b \nCMD a',
      'RUN <<EOF\nset -e\nmkdir /a\nmkdir /b\nEOF\nCMD a',
    ],
    'has no set -e where SHELL has it': [
      'SHELL ["/bin/bash", "-eo", "pipefail", "-c"]\nRUN mkdir /a\nRUN mkdir /b',
      'SHELL ["/bin/bash", "-eo", "pipefail", "-c"]\nRUN <<EOF\nmkdir /a\nmkdir /b\nEOF',
    ],
  };
  for (const [name, [before, after]] of Object.entries(cases)) it(name, () => assert.equal(written(before), after));

  const refused: Readonly<Record<string, string>> = {
    'runs on after a failure': 'RUN mkdir /a; mkdir /b\nRUN mkdir /c',
    'looks at the options of its shell': 'RUN echo $-\nRUN mkdir /c',
    'calls its own functions': 'RUN f() { mkdir /a; } && f\nRUN mkdir /c',
    'reads a script that set -e would stop': 'RUN . ./a.sh && mkdir /a\nRUN mkdir /c',
    'continues inside quotes': "RUN echo 'a \\\n b' > /c\nRUN mkdir /c",
    'has carriage returns': 'RUN mkdir /a\r\nRUN mkdir /c\r\n',
  };
  for (const [name, text] of Object.entries(refused))
    it(`refuses what ${name}`, () => assert.equal(written(text), undefined));

  it('chooses another delimiter', () => {
    assert.match(written('RUN EOF\nRUN mkdir /a')!, /^RUN <<EOF2\nset -e\nEOF\nmkdir \/a\nEOF2$/);
  });

  it('is offered where the frontend has heredocs, and says what it needs', () => {
    assert.deepEqual(titles(runs), ['Merge 2 RUNs into one', 'Merge 2 RUNs into one heredoc (needs BuildKit)']);
    assert.deepEqual(titles(`# syntax=docker/dockerfile:1\n${runs}`), [
      'Merge 2 RUNs into one',
      'Merge 2 RUNs into one heredoc',
    ]);
    assert.deepEqual(titles(`# syntax=docker/dockerfile:1.3\n${runs}`), ['Merge 2 RUNs into one']);
    assert.deepEqual(titles(`# syntax=example.com/frontend:2\n${runs}`), ['Merge 2 RUNs into one']);
  });
});
