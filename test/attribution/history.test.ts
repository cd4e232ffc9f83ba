import assert from 'node:assert/strict';
import { attributeLayers, entriesOfRows, readHistoryRows, readImageFacts } from '../../server/src/attribution/index.ts';
import { buildModel } from '../../server/src/model/dockerfile.ts';
import { linesOf, recordedImage, recordedText } from './images.ts';

describe('marks of empty entries that a scanner had to guess', () => {
  const text = 'FROM x\nWORKDIR /app\nRUN true\nRUN make\n';
  const told = (second: string, sizes: readonly number[]) => {
    const history = [
      { createdBy: '/bin/sh -c #(nop) ADD file:1 in / ', emptyLayer: false },
      { createdBy: '/bin/sh -c #(nop)  CMD ["bash"]', emptyLayer: true },
      // The folder was a layer, and RUN true was none.
      { createdBy: '/bin/sh -c #(nop) WORKDIR /app', emptyLayer: true },
      { createdBy: '/bin/sh -c true', emptyLayer: false },
      { createdBy: '/bin/sh -c make', emptyLayer: false },
    ].map((entry) => ({ ...entry, created: `2026-05-04T10:00:${second}Z` }));
    const image = { ...readImageFacts({}), history, sizes, diffIds: ['sha256:0', 'sha256:1', 'sha256:2'] };
    return attributeLayers(image, buildModel(text)).layers.map(({ confidence }) => confidence);
  };

  it('make no line certain, where a layer may be only a folder', () => {
    assert.deepEqual(told('00', [100_000, 2048, 50_000]), ['matched', 'likely', 'likely']);
    assert.deepEqual(told('00', [100_000, 20_480, 50_000]), ['matched', 'matched', 'matched']);
    assert.deepEqual(told('00.123', [100_000, 2048, 50_000]), ['matched', 'matched', 'matched']);
  });
});

describe('a RUN that changes nothing', () => {
  it('makes no layer with some builders, and the others keep their lines', () => {
    for (const name of ['d28-bk-shell', 'd28c-bk-misc', 'd20-legacy-shell']) {
      const { config, text, target, buildArgs, layers: expected } = recordedImage(name);
      const image = readImageFacts(config);
      const layered = image.history.filter(({ emptyLayer }) => !emptyLayer);
      const runs = layered.flatMap(({ createdBy }, layer) =>
        /^(?:RUN |\/bin\/sh -c (?!#)|\|\d)/.test(createdBy) && expected[layer]!.kind !== 'base' ? layer : [],
      );
      assert.ok(runs.length > 0, name);
      for (const layer of runs) {
        const history = image.history.map((entry) =>
          entry === layered[layer] ? { ...entry, emptyLayer: true } : entry,
        );
        const without = { ...image, history, diffIds: image.diffIds.toSpliced(layer, 1) };
        const { layers } = attributeLayers(without, buildModel(text, { buildArgs }), { target });
        assert.deepEqual(
          layers.map(linesOf),
          expected.toSpliced(layer, 1).map(({ lines }) => lines),
          `${name} ${layer}`,
        );
      }
    }
  });
});

describe('rows of an engine', () => {
  it('become the history that the configuration has, for BuildKit', () => {
    const image = readImageFacts(recordedImage('d28-bk-shell').config);
    const rows = readHistoryRows(recordedText('d28-bk-shell', 'history.cli.jsonl'));
    const told = (entries: typeof image.history) =>
      entries.map(({ createdBy, emptyLayer }) => [createdBy.replaceAll('\t', ' '), emptyLayer]);
    assert.deepEqual(told(entriesOfRows(rows, image.diffIds.length)), told(image.history));
  });

  it('become it for the classic builder, too', () => {
    for (const name of ['d20-legacy-shell', 'd20-legacy-misc']) {
      const image = readImageFacts(recordedImage(name).config);
      const rows = readHistoryRows(recordedText(name, 'history.json'));
      assert.deepEqual(
        entriesOfRows(rows, image.diffIds.length).map(({ emptyLayer }) => emptyLayer),
        image.history.map(({ emptyLayer }) => emptyLayer),
      );
    }
  });
});
