import assert from 'node:assert/strict';
import { BuildContext, contextReaderOf } from './context.ts';
import { buildModel, type Dockerfile } from './dockerfile.ts';
import { callNames, isMentioned, isWorkbench, remainingPackages } from './shippedTools.ts';

function model(text: string, files?: Readonly<Record<string, string>>): Dockerfile {
  const full = /^FROM/m.test(text) ? text : `FROM debian:13\n${text}`;
  return buildModel(full, files ? { context: new BuildContext(contextReaderOf(files)) } : {});
}

function remaining(text: string): readonly string[] {
  return remainingPackages(model(text).finalStage!).map(({ named }) => named.name);
}

describe('packages that stay', () => {
  it('are those that nothing takes away again', () => {
    assert.deepEqual(remaining('RUN apt-get install -y a b'), ['a', 'b']);
    assert.deepEqual(remaining('RUN apt-get install -y a b && apt-get purge -y b'), ['a']);
    assert.deepEqual(remaining('RUN apt-get install -y a b\nRUN apt-get remove -y a'), ['b']);
    assert.deepEqual(remaining('RUN apt-get purge -y a && apt-get install -y a'), ['a']);
    assert.deepEqual(remaining("RUN apt-get install -y a-dev b && apt-get purge -y '*-dev'"), ['b']);
    assert.deepEqual(remaining('RUN apt-get install -y a && dpkg --purge a'), []);
  });

  it('are none where variables or marks decide', () => {
    assert.deepEqual(remaining('RUN apt-get install -y a && apt-get purge -y $X'), []);
    assert.deepEqual(
      remaining('RUN s=$(apt-mark showmanual); apt-get install -y a; apt-get purge -y --auto-remove'),
      [],
    );
  });

  it('knows groups of apk', () => {
    assert.deepEqual(remaining('FROM alpine:3.22\nRUN apk add -t .d a && apk del .d && apk add b'), ['b']);
    assert.deepEqual(remaining('FROM alpine:3.22\nRUN apk add --virtual .d a && apk del .other'), ['a']);
  });

  it('counts packages of the distribution only', () => {
    assert.deepEqual(remaining('RUN pip install a && npm install b && dnf install -y --installroot=/x c'), []);
  });
});

describe('names of programs', () => {
  it('belong to a package', () => {
    const use = model('RUN apt-get install -y net-tools').runs[0]!.installs[0]!;
    assert.ok(callNames(use, 'net-tools').includes('ifconfig'));
    assert.ok(callNames(use, 'curl').includes('curl'));
  });

  it('are found wherever they are called', () => {
    const mentioned = (
      text: string,
      where: 'everywhere' | 'at start' = 'everywhere',
      files?: Readonly<Record<string, string>>,
    ): boolean => isMentioned(model(text, files).finalStage!, ['nc'], where);
    assert.equal(mentioned('RUN nc -z x'), true);
    assert.equal(mentioned('RUN nc -z x', 'at start'), false);
    assert.equal(mentioned('HEALTHCHECK CMD nc -z x', 'at start'), true);
    assert.equal(mentioned('CMD ["nc", "-l"]', 'at start'), true);
    assert.equal(mentioned('RUN apt-get install -y nc'), false);
    assert.equal(mentioned('RUN apt-get install -y nc-x && func && sync'), false);
    assert.equal(mentioned('COPY run.sh /\nCMD ["/run.sh"]', 'at start', { 'run.sh': 'nc -z x\n' }), true);
  });
});

it('tells images to work in from images that serve', () => {
  const isFor = (text: string): boolean => isWorkbench(model(text).finalStage!);
  assert.equal(isFor('CMD ["/app"]'), false);
  assert.equal(isFor('FROM nginx:1.29'), false);
  assert.equal(isFor('RUN x'), true);
  assert.equal(isFor('CMD ["bash"]'), true);
  assert.equal(isFor('CMD sleep infinity'), true);
  assert.equal(isFor('FROM debian:13 AS dev\nCMD ["/app"]'), true);
  assert.equal(isFor('FROM debian:13 AS device\nCMD ["/app"]'), false);
  assert.equal(isFor('FROM mcr.microsoft.com/devcontainers/base:1\nCMD ["/app"]'), true);
  assert.equal(isFor('RUN useradd -m vscode\nCMD ["/app"]'), true);
  assert.equal(isFor('ENTRYPOINT ["/usr/bin/code-server", "."]'), true);
});
