import assert from 'node:assert/strict';
import { applyEdits } from '../text/edit.ts';
import { buildModel } from './dockerfile.ts';
import { removePackage } from './packageWords.ts';

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

  it('leaves an only package', () => assert.equal(without('RUN apt-get install -y a', 'a'), undefined));
});
