import assert from 'node:assert/strict';
import { BuildContext, contextReaderOf } from './context.ts';
import { copiedFile, folderOf } from './copiedFiles.ts';
import { buildModel } from './dockerfile.ts';

const files = {
  'package.json': '{}',
  'package-lock.json': '{}',
  'web/package.json': '{}',
  '.dockerignore': 'ignored.txt',
  'ignored.txt': '',
};
const context = new BuildContext(contextReaderOf(files));

function found(text: string, path: string, known = true): string | undefined {
  const model = buildModel(`FROM node:24\n${text}\nRUN x`, known ? { context } : {});
  return copiedFile(model.runs.at(-1)!, path);
}

function folder(text: string, name: string): string | undefined {
  const model = buildModel(`FROM node:24\nWORKDIR /app\n${text}`);
  return folderOf(model.runs[0]!.commands.find((command) => command.name === name)!);
}

describe('files that a RUN finds', () => {
  it('knows what COPY puts where', () => {
    assert.equal(found('WORKDIR /app\nCOPY . .', '/app/package.json'), 'package.json');
    assert.equal(found('COPY package*.json /app/', '/app/package-lock.json'), 'package-lock.json');
    assert.equal(found('COPY web /app', '/app/package.json'), 'web/package.json');
    assert.equal(found('WORKDIR /app\nCOPY package.json .', '/app/package.json'), 'package.json');
    assert.equal(found('WORKDIR /app\nCOPY package.json /app', '/app/package.json'), 'package.json');
    assert.equal(found('COPY package.json /x', '/x'), 'package.json');
    assert.equal(found('COPY web/ /srv/web/', '/srv/web/package.json'), 'web/package.json');
    assert.equal(found('RUN a\nCOPY . /', '/web/package.json'), 'web/package.json');
  });

  it('knows what is not there', () => {
    assert.equal(found('COPY package.json /app/', '/app/package-lock.json'), undefined);
    assert.equal(found('COPY package.json /app', '/app/package.json'), undefined);
    assert.equal(found('COPY . /app/', '/app/ignored.txt'), undefined);
    assert.equal(found('COPY --from=x /package.json /app/', '/app/package.json'), undefined);
    assert.equal(found('RUN x', '/app/package.json'), undefined);
  });

  it('without a context trusts names only', () => {
    assert.equal(found('COPY package-lock.json /app/', '/app/package-lock.json', false), 'package-lock.json');
    assert.equal(found('COPY package*.json /app/', '/app/package-lock.json', false), undefined);
    assert.equal(found('COPY . /app/', '/app/package-lock.json', false), undefined);
  });

  it('sees bind mounts', () => {
    const model = buildModel(
      'FROM node:24\nWORKDIR /app\nRUN --mount=type=bind,source=package-lock.json,target=package-lock.json x',
      { context },
    );
    assert.equal(copiedFile(model.runs[0]!, '/app/package-lock.json'), 'package-lock.json');
  });
});

it('tells the folder of a command', () => {
  assert.equal(folder('RUN npm ci', 'npm'), '/app');
  assert.equal(folder('RUN cd web && npm ci', 'npm'), '/app/web');
  assert.equal(folder('RUN (cd web && x); npm ci', 'npm'), '/app');
  assert.equal(folder('RUN (cd web && npm ci)', 'npm'), '/app/web');
  assert.equal(folder('RUN cd $X && npm ci', 'npm'), undefined);
  assert.equal(folder('RUN npm --prefix web ci', 'npm'), '/app/web');
});
