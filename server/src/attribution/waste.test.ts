import assert from 'node:assert/strict';
import { type LayerFile, wasteOf } from './waste.ts';

function files(list: Readonly<Record<string, number>>) {
  return Object.entries(list).map(([path, size]) => ({ path, size }));
}

const bytesOf = (layers: readonly (readonly LayerFile[])[]) => wasteOf(layers).map(({ bytes }) => bytes);

describe('wasted bytes', () => {
  it('are those of files that later layers write anew or remove', () => {
    assert.deepEqual(
      bytesOf([files({ a: 1, 'd/b': 20, 'd/c': 300 }), files({ a: 4000, 'd/.wh.b': 0 }), files({ './a': 5 })]),
      [21, 4000, 0],
    );
  });

  it('are those below a folder that is removed, emptied or replaced by a file', () => {
    const lower = files({ 'd/e/b': 20, 'd/c': 300 });
    assert.deepEqual(bytesOf([lower, files({ '.wh.d': 0 })]), [320, 0]);
    assert.deepEqual(bytesOf([lower, files({ 'd/new': 7, 'd/.wh..wh..opq': 0 }), files({ 'd/new': 1 })]), [320, 7, 0]);
    assert.deepEqual(bytesOf([lower, files({ d: 1 })]), [320, 0]);
    assert.deepEqual(bytesOf([lower, files({ '.wh.d': 0, 'd/c': 3 }), files({ 'x/.wh.gone': 0 })]), [320, 0, 0]);
    assert.deepEqual(bytesOf([files({ d: 8 }), lower, files({ '.wh.d': 0 })]), [8, 320, 0]);
  });

  it('are none in an image without layers, and names are only names', () => {
    assert.deepEqual(wasteOf([]), []);
    assert.deepEqual(bytesOf([files({ __proto__: 1, 'constructor/x': 2, '': 3, '/': 4, '..': 5 }), files({})]), [0, 0]);
  });

  it('tell which layer wastes them, how, and the largest files', () => {
    const cache = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`cache/${at}`, 10 + at]));
    const [first, second] = wasteOf([
      files({ ...cache, app: 500, empty: 0 }),
      files({ app: 600 }),
      files({ '.wh.cache': 0, '.wh.empty': 0, 'new/x': 1 }),
    ]);
    assert.deepEqual(
      first!.by.map(({ largest: _largest, ...by }) => by),
      [
        { layer: 1, bytes: 500, removed: 0, files: 1 },
        { layer: 2, bytes: 126, removed: 126, files: 9 },
      ],
    );
    assert.deepEqual(
      first!.by[1]!.largest,
      [8, 7, 6, 5, 4].map((at) => ({ path: `/cache/${at}`, size: 10 + at })),
    );
    assert.deepEqual(second, { bytes: 0, by: [] });
  });
});
