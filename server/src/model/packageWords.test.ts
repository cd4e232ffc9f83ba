import assert from 'node:assert/strict';
import { applyEdits } from '../text/edit.ts';
import { buildModel } from './dockerfile.ts';
import { removePackage, removePackages } from './packageWords.ts';

function without(text: string, name: string): string | undefined {
  const full = `FROM debian:13\n${text}`;
  const use = buildModel(full).runs[0]!.installs[0]!;
  const edit = removePackage(use, use.packages.findLast((each) => each.name === name)!);
  return edit && applyEdits(full, [edit]).slice('FROM debian:13\n'.length);
}

describe('taking a package off a list', () => {
  it('takes the blank in front', () => {
    assert.equal(without('RUN apt-get install -y a b c', 'b'), 'RUN apt-get install -y a c');
    assert.equal(without('RUN apt-get install -y a b && x', 'b'), 'RUN apt-get install -y a && x');
  });

  it('takes its line', () => {
    assert.equal(
      without('RUN apt-get install -y \\\n  a \\\n  b \\\n  c', 'b'),
      'RUN apt-get install -y \\\n  a \\\n  c',
    );
    assert.equal(
      without('RUN apt-get install -y \\\n  a \\\n  b \\\n && x', 'b'),
      'RUN apt-get install -y \\\n  a \\\n && x',
    );
    assert.equal(without('RUN apt-get install -y \\\n  a \\\n  b', 'b'), 'RUN apt-get install -y \\\n  a');
  });

  it('keeps comments, or gives up', () => {
    assert.equal(
      without('RUN apt-get install -y \\\n  a \\\n  # why\n  b \\\n  c', 'b'),
      'RUN apt-get install -y \\\n  a \\\n  # why\n  c',
    );
    assert.equal(without('RUN apt-get install -y \\\n  a \\\n  # why\n  b', 'b'), undefined);
  });

  it('keeps a line that goes on', () => {
    assert.equal(without('RUN apt-get install -y \\\n  a b \\\n  c', 'a'), 'RUN apt-get install -y \\\n  b \\\n  c');
  });

  it('takes several', () => {
    const text = 'FROM debian:13\nRUN apt-get install -y \\\n  a b \\\n  c \\\n  d e';
    const use = buildModel(text).runs[0]!.installs[0]!;
    const several = (...names: readonly string[]): string | undefined => {
      const edits = removePackages(
        use,
        use.packages.filter((each) => names.includes(each.name)),
      );
      return edits && applyEdits(text, edits).slice('FROM debian:13\nRUN apt-get install -y'.length);
    };
    assert.equal(several('a', 'b'), ' \\\n  c \\\n  d e');
    assert.equal(several('b', 'c', 'd'), ' \\\n  a \\\n  e'.replace(' \\\n  e', ' e'));
    assert.equal(several('a', 'c', 'e'), ' \\\n  b \\\n  d');
    assert.equal(several('a', 'b', 'c', 'd', 'e'), undefined);
  });

  it('leaves an only package', () => assert.equal(without('RUN apt-get install -y a', 'a'), undefined));
});
