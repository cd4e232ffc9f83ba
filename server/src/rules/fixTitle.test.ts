import assert from 'node:assert/strict';
import { doubtsOf, longestTitle, titleWith } from './fixTitle.ts';

describe('titles of fixes', () => {
  const long = 'a note that takes so much room in a title that a second one of its kind has none';

  it('tell what fits', () => {
    assert.equal(titleWith('Do it', []), 'Do it');
    assert.equal(titleWith('Do it', ['a', 'b']), 'Do it (a; b)');
    assert.equal(doubtsOf('Do it', ['a', 'b']), undefined);
  });

  it('count what does not', () => {
    assert.equal(titleWith('Do it', [long, long]), `Do it (${long}; 1 more)`);
    assert.equal(titleWith(long, [long, long]), `${long} (2 to check)`);
    assert.ok(titleWith(long, [long, long]).length <= longestTitle);
    assert.equal(doubtsOf(long, ['a', long]), `To check before the fix: a; ${long}.`);
  });
});
