import assert from 'node:assert/strict';
import { BuildContext, contextReaderOf } from './context.ts';
import { compileIgnore } from './dockerignore.ts';
import { buildModel } from './dockerfile.ts';

describe('.dockerignore', () => {
  const cases: ReadonlyArray<readonly [string, string, boolean]> = [
    ['node_modules', 'node_modules/a/b.js', true],
    ['node_modules', 'packages/a/node_modules', false],
    ['**/node_modules', 'packages/a/node_modules/x', true],
    ['*.md', 'README.md', true],
    ['*.md', 'docs/README.md', false],
    ['**/*.md', 'docs/README.md', true],
    ['*\n!package.json', 'package.json', false],
    ['*\n!package.json', 'src/a.js', true],
    ['docs\n!docs/keep.md', 'docs/keep.md', false],
    ['/dist/', 'dist/a', true],
    ['# note\n\n  a.txt  ', 'a.txt', true],
    ['temp?', 'temp1', true],
    ['temp?', 'temp12', false],
    ['a/../b', 'b', true],
  ];
  for (const [rules, path, expected] of cases) {
    it(`${JSON.stringify(rules)} ${expected ? 'ignores' : 'keeps'} ${path}`, () =>
      assert.equal(compileIgnore(rules).ignores(path), expected));
  }
});

describe('BuildContext', () => {
  const files = {
    'package.json': '{"a":1}',
    'src/a.js': '1',
    'src/b/c.js': '2',
    '.dockerignore': 'src/b\n',
    broken: '{',
  };
  const context = new BuildContext(contextReaderOf(files));

  it('knows what the build sees', () => {
    assert.deepEqual(context.files, ['.dockerignore', 'broken', 'package.json', 'src/a.js']);
    assert.equal(context.has('./src/'), true);
    assert.equal(context.has('src/b'), false);
    assert.equal(context.existsOnDisk('src/b/c.js'), true);
    assert.equal(context.read('src/b/c.js'), undefined);
  });

  it('reads JSON, and nothing outside of its root', () => {
    assert.deepEqual(context.readJson('package.json'), { a: 1 });
    assert.equal(context.readJson('broken'), undefined);
    assert.equal(context.has('../package.json'), false);
  });

  it('prefers the ignore file of the Dockerfile', () => {
    const own = new BuildContext(
      contextReaderOf({ ...files, 'docker/app.Dockerfile.dockerignore': '*.json' }),
      'docker/app.Dockerfile',
    );
    assert.equal(own.has('package.json'), false);
    assert.equal(own.has('src/b'), true);
  });

  it('answers what a COPY takes', () => {
    const { copies } = buildModel('FROM scratch\nCOPY src *.json /x/\nCOPY . .\nCOPY src/*.js /y/', { context });
    assert.deepEqual(
      copies.map((copy) => copy.contextFiles),
      [['package.json', 'src/a.js'], ['.dockerignore', 'broken', 'package.json', 'src/a.js'], ['src/a.js']],
    );
  });
});
