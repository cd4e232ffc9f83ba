import assert from 'node:assert/strict';
import { buildModel } from '../../model/dockerfile.ts';
import { applyEdits } from '../../text/edit.ts';
import { mergeRuns } from './mergeRuns.ts';

/** Merges all RUNs of the text; the merged text, or the reason against it. */
function merge(text: string): string {
  const from = /^(?:#.*\n)*FROM/.test(text) ? '' : 'FROM debian:13\n';
  const model = buildModel(from + text);
  const result = mergeRuns(model.runs);
  return result.kind === 'merged' ? applyEdits(model.text, result.edits).slice(from.length) : result.reason;
}

/** What two scripts become, in one line each. */
function mergeScripts(...scripts: readonly string[]): string {
  return merge(scripts.map((script) => `RUN ${script}`).join('\n'))
    .replaceAll(/\s*\\\n\s*/g, ' ')
    .replace(/^RUN /, '');
}

const cases: Readonly<Record<string, readonly [readonly string[], string]>> = {
  'lists of && grow': [['a && b', 'c && d'], 'a && b && c && d'],
  'a pipeline stays as it is': [['a | b', '! c'], 'a | b && ! c'],
  '|| is grouped': [['a || true', 'b || c'], '{ a || true; } && { b || c; }'],
  'a sequence fails by its end only': [['a; b', 'c; d'], '{ a; b; } && { c; d; }'],
  'a semicolon at the end goes': [['a && b;', 'c ;'], 'a && b && c ;'],
  'a semicolon inside of a group stays one': [['a', 'b; c;'], 'a && { b; c; }'],
  'compound commands need no group': [
    ['if a; then b; fi', 'while a; do b; done'],
    'if a; then b; fi && while a; do b; done',
  ],
  'an own group needs no other': [['{ a; b; }', '(c; d)'], '{ a; b; } && (c; d)'],
  'a background process at the very end': [['a', 'b &'], 'a && { b & }'],
  'cd stays in its script': [['cd /src && make', 'pwd'], '(cd /src && make) && pwd'],
  'the last script may do as it likes': [['a', 'cd /src && make'], 'a && cd /src && make'],
  'braces at the start of what goes into a subshell go': [['{ a; b; } && cd /src', 'pwd'], '(a; b && cd /src) && pwd'],
  'braces with ||, too': [['{ a; b || c; } && cd /src && d', 'pwd'], '(a; b || c && cd /src && d) && pwd'],
  'braces further behind stay': [['a && { b; c; } && cd /src', 'pwd'], '(a && { b; c; } && cd /src) && pwd'],
  'braces in front of ||, too': [['{ a; b; } || cd /src', 'pwd'], '(a; b || cd /src) && pwd'],
  'braces whose output goes elsewhere stay': [['{ a; b; } > x && cd /src', 'pwd'], '({ a; b; } > x && cd /src) && pwd'],
  'a cd that is already kept in': [['(cd /src && make)', 'pwd'], '(cd /src && make) && pwd'],
  'a cd in a pipeline is kept in': [['cd /src | cat', 'pwd'], 'cd /src | cat && pwd'],
  'export, unset, umask, alias, shopt': [
    ['export A=1', 'unset B', 'umask 077', 'alias x=y', 'shopt -s extglob', 'a'],
    '(export A=1) && (unset B) && (umask 077) && (alias x=y) && (shopt -s extglob) && a',
  ],
  'an assignment': [['version=1 && get $version', 'a'], '(version=1 && get $version) && a'],
  'an assignment for one command only': [['A=1 b', 'c'], 'A=1 b && c'],
  'an assignment by expansion': [['echo ${A:=1}', 'b'], '(echo ${A:=1}) && b'],
  'a loop leaves its variable': [['for x in a b; do mk $x; done', 'c'], '(for x in a b; do mk $x; done) && c'],
  'a function': [['f() { a; }; f', 'b'], '(f() { a; }; f) && b'],
  'a file that is read': [['. ./env && a', 'b'], '(. ./env && a) && b'],
  'exit ends its script, not the build': [['a || exit 0', 'b'], '(a || exit 0) && b'],
  exec: [['exec a', 'b'], '(exec a) && b'],
  'parentheses keep their distance': [['(a); cd /', 'b'], '( (a); cd / ) && b'],
  'options that the next turns on as well': [['set -ex && a', 'set -xe && b'], 'set -ex && a && set -xe && b'],
  'options that the next does not know': [['set -ex && a', 'b'], '(set -ex && a) && b'],
  'scripts under set -e': [['set -eux; a; b', 'set -eux; c'], 'set -eux; a; b; set -eux; c'],
  'set -e of one command alone': [['set -e; a', 'b'], '(set -e; a) && b'],
};

describe('merging RUNs', () => {
  for (const [name, [scripts, expected]] of Object.entries(cases)) {
    it(name, () => assert.equal(mergeScripts(...scripts), expected));
  }

  it('joins by ; where SHELL has -e and a script relies on it', () => {
    const shell = 'SHELL ["/bin/bash", "-eo", "pipefail", "-c"]\n';
    assert.equal(merge(`${shell}RUN a; b\nRUN c`), `${shell}RUN a; b; \\\n    c`);
    assert.equal(
      merge(`${shell}RUN a; b && c\nRUN cd /x; d\nRUN e`),
      `${shell}RUN (a; b && c); \\\n    (cd /x; d); \\\n    e`,
    );
    assert.equal(merge(`${shell}RUN a && b\nRUN c`), `${shell}RUN a && b \\\n    && c`);
  });

  it('joins by ; with the comments between', () => {
    assert.equal(
      merge('RUN set -eux; \\\n\ta; \\\n\tb\n# why\nRUN set -eux; \\\n\tc'),
      'RUN set -eux; \\\n\ta; \\\n\tb; \\\n\t# why\n\tset -eux; \\\n\tc',
    );
  });

  it('keeps comments next to their commands', () => {
    assert.equal(
      merge('RUN a \\\n  # of b\n  && b\n\n# of c\n\n  # and of d\nRUN \\\n  # inside\n  c\n'),
      'RUN a \\\n  # of b\n  && b \\\n  # of c\n  # and of d\n  # inside\n  && c\n',
    );
  });

  it('writes && where the file writes it', () => {
    assert.equal(merge('RUN a && \\\n  b\nRUN c\n'), 'RUN a && \\\n  b && \\\n  c\n');
    assert.equal(merge('RUN a\nRUN b \\\n\t&& c\n'), 'RUN a \\\n\t&& b \\\n\t&& c\n');
  });

  it('keeps line ends, the escape character and flags', () => {
    assert.equal(merge('FROM debian:13\r\nrun a\r\nrun b\r\n'), 'FROM debian:13\r\nrun a \\\r\n    && b\r\n');
    assert.equal(
      merge('# escape=`\nFROM debian:13\nSHELL ["/bin/sh", "-c"]\nRUN a\nRUN b\n').split('\n')[3],
      'RUN a `',
    );
    assert.equal(
      merge('RUN --network=none --mount=type=ssh a\nRUN --mount=type=ssh --network=none b'),
      'RUN --network=none --mount=type=ssh a \\\n    && b',
    );
  });

  const refused: Readonly<Record<string, string>> = {
    'a background process': 'RUN a & b\nRUN c',
    'a background process in a subshell': 'RUN (a &)\nRUN c',
    'a process substitution that is written to': 'SHELL ["/bin/bash", "-c"]\nRUN a > >(tee log)\nRUN b',
    'a trap': "RUN trap 'rm x' EXIT; a\nRUN b",
    return: 'RUN a || return 1\nRUN b',
    'set -e in front of &&': 'RUN set -e; a; b\nRUN c',
    'set -e and a script that leaks': 'RUN set -e; cd /x; b\nRUN set -e; c; d',
    'set +e in a shell with -e': 'SHELL ["/bin/sh", "-ec"]\nRUN set +e; a; b\nRUN c',
    'a comment of the shell': 'RUN a # why\nRUN b',
    'an unfinished script': 'RUN a &&\nRUN b',
    'an unclosed quote': 'RUN a "b\nRUN c',
    'words across lines': 'RUN ec\\\nho a\nRUN b',
    'different mounts': 'RUN --mount=type=cache,target=/x a\nRUN b',
    'different networks': 'RUN --network=none a\nRUN b',
    'a tmpfs': 'RUN --mount=type=tmpfs,target=/x a\nRUN --mount=type=tmpfs,target=/x b',
    'a mount that can be written': 'RUN --mount=target=/x,rw a\nRUN --mount=target=/x,rw b',
    'exec form': 'RUN ["a"]\nRUN b',
    'a heredoc': 'RUN <<EOF\na\nEOF\nRUN b',
    'a heredoc of another interpreter': 'RUN b\nRUN python3 <<EOF\nprint(1)\nEOF',
    PowerShell: 'SHELL ["powershell", "-Command"]\nRUN a\nRUN b',
    'a script for Windows': 'FROM company/base\nRUN powershell -Command a\nRUN start /w C:\\x.exe',
    'a login shell': 'SHELL ["/bin/bash", "-lc"]\nRUN conda init\nRUN conda activate x',
    BASH_ENV: 'SHELL ["/bin/bash", "-c"]\nENV BASH_ENV=/etc/env\nRUN a\nRUN b',
    'another shell for the next RUN': 'RUN ln -sf /bin/bash /bin/sh\nRUN source x',
    'dash made away with':
      'RUN echo "dash dash/sh boolean false" | debconf-set-selections && dpkg-reconfigure dash\nRUN source x',
    'a program that replaces itself': 'RUN pip install --upgrade pip\nRUN pip install flask',
    'a program that replaces itself, two further on': 'RUN pip install -U pip\nRUN mkdir /a\nRUN pip install flask',
    'the working directory is removed': 'WORKDIR /build\nRUN make && rm -rf /build\nRUN a',
    'a daemon': 'RUN service mysql start && mysql -e "create database x"\nRUN mysql -e "use x"',
    'files that each RUN gets afresh': 'RUN echo 10.0.0.1 db >> /etc/hosts\nRUN a',
    'a comment that speaks to a tool': 'RUN a\n# hadolint ignore=DL3008\nRUN b',
    'only one': 'RUN a',
  };
  for (const [name, text] of Object.entries(refused)) {
    it(`refuses: ${name}`, () => {
      const model = buildModel(text.startsWith('FROM') ? text : `FROM debian:13\n${text}`);
      assert.equal(mergeRuns(model.runs).kind, 'refused');
    });
  }
});
