import assert from 'node:assert/strict';
import {
  attributeLayers,
  type LayerOrigin,
  readImageFacts,
  readProvenance,
} from '../../server/src/attribution/index.ts';
import { buildModel } from '../../server/src/model/dockerfile.ts';
import { base, imageOf, type Lines, linesOf, type RecordedImage, recordedImage, recordedImages } from './images.ts';

function attributed(image: RecordedImage, provenance?: unknown) {
  return attributeLayers(readImageFacts(image.config), buildModel(image.text, { buildArgs: image.buildArgs }), {
    target: image.target,
    provenance: provenance === undefined ? undefined : readProvenance(provenance),
  });
}

/** BuildKit's own part of a record. */
interface BuildKitMetadata {
  readonly source: { readonly infos: readonly { readonly data: string }[] };
}

const metadataKey = 'https://mobyproject.org/buildkit@v1#metadata';

function metadataOf(image: RecordedImage): BuildKitMetadata {
  return (image.provenance as { metadata: Record<string, BuildKitMetadata> }).metadata[metadataKey]!;
}

/** BuildKit doesn't tell the base image from its triggers. */
const triggersUnseen = ['d20-bk-onbuild'];

describe('attribution of recorded images', () => {
  for (const image of recordedImages()) {
    it(`finds the lines of ${image.name}`, () => {
      const { match, layers } = attributed(image);
      assert.ok(match.matches);
      assert.deepEqual(
        layers.map(({ diffId }) => diffId),
        image.layers.map(({ diffId }) => diffId),
      );
      assert.deepEqual(
        layers.map(linesOf),
        image.layers.map(({ lines }) => lines),
      );
      for (const [index, layer] of layers.entries()) {
        const wanted = image.layers[index]!.kind;
        if (wanted === 'onbuild-trigger' && triggersUnseen.includes(image.name))
          assert.equal(layer.confidence, 'likely');
        else assert.equal(kindOf(layer), wanted.replace(/ \(.*/, ''));
      }
    });
    if (image.provenance === undefined) continue;
    it(`finds the same, exactly, by the builder's record of ${image.name}`, () => {
      const { layers } = attributed(image, image.provenance);
      assert.deepEqual(
        layers.map(linesOf),
        image.layers.map(({ lines }) => lines),
      );
      assert.ok(layers.every(({ confidence }) => confidence === 'exact'));
    });
  }

  it('reads a record of SLSA 1 and of a metadata file, too', () => {
    const image = recordedImage('d28-bk-shell');
    const old = image.provenance as Record<string, Record<string, unknown>>;
    const predicate = {
      buildDefinition: {
        internalParameters: { buildConfig: old.buildConfig },
        externalParameters: { request: old.invocation!.parameters },
      },
      runDetails: { metadata: { buildkit_metadata: old.metadata!['https://mobyproject.org/buildkit@v1#metadata'] } },
    };
    const statement = { _type: 'https://in-toto.io/Statement/v0.1', predicateType: 'x', predicate };
    const file = { 'buildx.build.provenance/linux/amd64': statement, 'containerimage.digest': 'sha256:1' };
    for (const value of [predicate, statement, file]) {
      assert.deepEqual(attributed(image, value).layers, attributed(image, image.provenance).layers);
    }
  });

  it("takes the target and the build arguments from the builder's record", () => {
    const image = recordedImage('d28c-bk-misc');
    assert.equal(readProvenance(image.provenance)?.target, 'two');
    assert.deepEqual(attributed({ ...image, target: undefined }, image.provenance).layers.map(linesOf), [
      ...image.layers.map(({ lines }) => lines),
    ]);
  });

  it('keeps apart the Dockerfiles of one build', () => {
    const image = recordedImage('d28-bk-contexts');
    // The stage that took the place of FROM parent.
    const text = Buffer.from(metadataOf(image).source.infos[0]!.data, 'base64').toString();
    const { layers } = attributed({ ...image, text }, image.provenance);
    assert.deepEqual(layers.map(linesOf), [[[1, 1]], [[1, 1]], [[1, 1]], [[2, 2]], [[5, 5]], [], [], []]);
    assert.deepEqual(
      layers.map(({ confidence }) => confidence),
      ['exact', 'exact', 'exact', 'exact', 'exact', 'unknown', 'unknown', 'unknown'],
    );
  });

  it('is not sure by a record that has lost the text of the Dockerfile', () => {
    const image = recordedImage('d28-bk-contexts');
    const metadata = metadataOf(image);
    const withoutText = { ...metadata, source: { ...metadata.source, infos: [] } };
    const { layers } = attributed(
      { ...image, text: image.text.replace('\n', '\n\n') },
      { ...(image.provenance as object), metadata: { [metadataKey]: withoutText } },
    );
    assert.ok(layers.every(({ confidence }) => confidence !== 'exact'));
  });

  it('finds the stage that explains most of an image when nobody names it', () => {
    const image = recordedImage('d28-legacy-target');
    const { layers, match } = attributed({ ...image, target: undefined });
    assert.deepEqual(
      layers.map(linesOf),
      image.layers.map(({ lines }) => lines),
    );
    assert.match(match.notes.join(), /not the final stage/);
  });

  it("follows lines that moved since the build, and doesn't trust the record for lines that changed", () => {
    const image = recordedImage('d28-bk-shell');
    const moved = image.text.replace('WORKDIR ${APP_HOME}', '# new\nWORKDIR ${APP_HOME}');
    const down = (lines: readonly Lines[]) => lines.map(([a, b]) => (a >= 19 ? [a + 1, b + 1] : [a, b]));
    const after = attributed({ ...image, text: moved }, image.provenance);
    assert.deepEqual(
      after.layers.map(linesOf),
      image.layers.map(({ lines }) => down(lines)),
    );
    assert.ok(after.layers.every(({ confidence }) => confidence === 'exact'));
    assert.deepEqual(after.match.notes, ['The Dockerfile was changed after the image was built.']);

    const changed = image.text.replace('| tee /etc/port.conf', '| tee /etc/other.conf');
    const layer = attributed({ ...image, text: changed }, image.provenance).layers[5]!;
    assert.deepEqual([linesOf(layer), layer.confidence], [[[21, 21]], 'likely']);
  });

  it('needs no history when there is a record', () => {
    const image = recordedImage('d28-bk-shell');
    const { match, layers } = attributed(
      { ...image, config: { ...(image.config as object), history: [] } },
      image.provenance,
    );
    assert.ok(match.matches);
    assert.deepEqual(
      layers.map(linesOf),
      image.layers.map(({ lines }) => lines),
    );
  });

  it('compares with the history when every line was written anew since the record', () => {
    const image = recordedImage('d28-bk-shell');
    const text = image.text.replaceAll(/^(?=[A-Z])/gm, ' ');
    const { match, layers } = attributed({ ...image, text }, image.provenance);
    assert.ok(match.matches);
    assert.deepEqual(
      layers.map(linesOf),
      image.layers.map(({ lines }) => lines),
    );
  });

  it('leaves the record of another image alone', () => {
    const image = recordedImage('d28-bk-shell');
    const other = recordedImage('d28c-bk-misc').provenance;
    const { layers } = attributeLayers(readImageFacts(image.config), buildModel(image.text), {
      provenance: readProvenance(other),
      target: '1',
    });
    assert.deepEqual(
      layers.map(linesOf),
      image.layers.map(({ lines }) => lines),
    );
    assert.ok(layers.every(({ confidence }) => confidence !== 'exact'));
  });

  it('links a COPY --from to the lines that made its files', () => {
    const { layers } = attributed(recordedImage('d28-bk-shell'));
    assert.deepEqual(layers[6]!.copiedFrom, { name: 'build', isStage: true, lines: [5, 11] });
    assert.equal(layers[6]!.instructions[0]!.stage, '1');
    assert.equal(layers[8]!.copiedFrom, undefined);
  });

  it('links it to the stage below when the one that is named adds nothing', () => {
    const text = 'FROM x AS deps\nRUN one\nFROM deps AS build\nENV A=1\nFROM y\nCOPY --from=build /a /a\n';
    const image = imageOf([...base, 'COPY /a /a # buildkit']);
    const [, layer] = attributeLayers(image, buildModel(text)).layers;
    assert.deepEqual(layer!.copiedFrom, { name: 'deps', isStage: true, lines: [2, 2] });
  });

  it('finds the base image by its layers, when they are at hand', () => {
    const image = recordedImage('d20-bk-onbuild');
    const { layers } = attributeLayers(readImageFacts(image.config), buildModel(image.text), {
      baseDiffIds: image.layers.slice(0, 5).map(({ diffId }) => diffId),
    });
    assert.deepEqual(layers.map(kindOf), [
      'base',
      'base',
      'base',
      'base',
      'base',
      'onbuild-trigger',
      'onbuild-trigger',
      'instruction',
    ]);
    assert.ok(layers.slice(0, 5).every(({ confidence }) => confidence === 'matched'));
  });
});

function kindOf(layer: LayerOrigin): string {
  if (layer.flattened) return 'flattened';
  if (layer.kind === 'onbuild') return 'onbuild-trigger';
  if (layer.kind === 'base') return 'base';
  return layer.confidence === 'group' ? 'group' : 'instruction';
}
