import assert from 'node:assert/strict';
import { wastedBytes } from './waste.ts';

function files(list: Readonly<Record<string, number>>) {
  return Object.entries(list).map(([path, size]) => ({ path, size }));
}

describe('wasted bytes', () => {
  it('are those of files that later layers write anew or remove', () => {
    assert.deepEqual(
      wastedBytes([files({ a: 1, 'd/b': 20, 'd/c': 300 }), files({ a: 4000, 'd/.wh.b': 0 }), files({ './a': 5 })]),
      [21, 4000, 0],
    );
  });

  it('are those below a folder that is removed, emptied or replaced by a file', () => {
    const lower = files({ 'd/e/b': 20, 'd/c': 300 });
    assert.deepEqual(wastedBytes([lower, files({ '.wh.d': 0 })]), [320, 0]);
    assert.deepEqual(
      wastedBytes([lower, files({ 'd/new': 7, 'd/.wh..wh..opq': 0 }), files({ 'd/new': 1 })]),
      [320, 7, 0],
    );
    assert.deepEqual(wastedBytes([lower, files({ d: 1 })]), [320, 0]);
    assert.deepEqual(wastedBytes([lower, files({ '.wh.d': 0, 'd/c': 3 }), files({ 'x/.wh.gone': 0 })]), [320, 0, 0]);
  });

  it('are none in an image without layers, and names are only names', () => {
    assert.deepEqual(wastedBytes([]), []);
    assert.deepEqual(
      wastedBytes([files({ __proto__: 1, 'constructor/x': 2, '': 3, '/': 4, '..': 5 }), files({})]),
      [0, 0],
    );
  });
});
