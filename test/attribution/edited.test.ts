import assert from 'node:assert/strict';
import { attributeLayers, readImageFacts } from '../../server/src/attribution/index.ts';
import { buildModel } from '../../server/src/model/dockerfile.ts';
import { type Lines, linesOf, type RecordedImage, recordedImages } from './images.ts';

/** An edit of a Dockerfile: the new text, and where each old line is in it (undefined when it is gone). */
interface Edited {
  readonly text: string;
  lineNow(line: number): number | undefined;
}

type Edit = (lines: readonly string[], first: number, last: number) => Edited;

/** All with 0-based lines of the instruction, the last one included. */
const edits: Readonly<Record<string, Edit>> = {
  'an instruction deleted': (lines, first, last) => ({
    text: [...lines.slice(0, first), ...lines.slice(last + 1)].join('\n'),
    lineNow: (line) => (line <= first ? line : line > last + 1 ? line - (last - first + 1) : undefined),
  }),
  'a RUN inserted': (lines, first) => inserted(lines, first, 'RUN something --entirely new'),
  'a COPY inserted': (lines, first) => inserted(lines, first, 'COPY new /new'),
  'a comment inserted': (lines, first) => inserted(lines, first, '# a comment'),
  'an instruction doubled': (lines, first, last) => ({
    text: [...lines.slice(0, last + 1), ...lines.slice(first)].join('\n'),
    lineNow: (line) => (line <= last + 1 ? line : line + (last - first + 1)),
  }),
};

function inserted(lines: readonly string[], at: number, line: string): Edited {
  return {
    text: [...lines.slice(0, at), line, ...lines.slice(at)].join('\n'),
    lineNow: (old) => (old <= at ? old : old + 1),
  };
}

describe('attribution after an edit', () => {
  for (const [name, edit] of Object.entries(edits)) {
    it(`is sure only of what is right: ${name}`, () => {
      for (const image of recordedImages()) for (const edited of editsOf(image, edit)) checkSure(image, edited);
    });
  }

  it('keeps the line of a RUN that became another one, without being sure', () => {
    for (const image of recordedImages()) {
      const lines = image.text.split('\n');
      for (const [at, line] of lines.entries()) {
        if (!/^RUN [a-z]/.test(line) || line.endsWith('\\') || line.includes('<<')) continue;
        const text = lines.with(at, 'RUN completely other --words').join('\n');
        const { match, layers } = attributed(image, text);
        if (!match.matches) continue;
        const own = layers.filter((layer) => linesOf(layer).some(([first]) => first === at + 1));
        assert.ok(own.every(({ confidence }) => confidence !== 'matched' && confidence !== 'exact'));
      }
    }
  });

  it('knows a Dockerfile that the image was not built from', () => {
    const images = recordedImages();
    const caseOf = (image: RecordedImage) => image.name.replace(/^.*-/, '').replace('scratch', '');
    const family = (image: RecordedImage) =>
      /stages|squash|all|triggers|target/.test(caseOf(image)) ? 'stages' : caseOf(image);
    for (const image of images) {
      for (const other of images) {
        if (family(other) === family(image)) continue;
        const { match, layers } = attributed(image, other.text);
        assert.equal(match.matches, false, `${image.name} beside the Dockerfile of ${other.name}`);
        assert.ok(layers.every((layer) => layer.confidence === 'unknown' && linesOf(layer).length === 0));
      }
    }
  });
});

function* editsOf({ text }: RecordedImage, edit: Edit): Generator<Edited> {
  const model = buildModel(text);
  const lines = text.split('\n');
  for (const stage of model.stages) {
    for (const { range } of stage.instructions) {
      yield edit(lines, model.lines.lineAt(range.start), model.lines.lineAt(range.end - 1));
    }
  }
}

function checkSure(image: RecordedImage, edited: Edited): void {
  for (const [index, layer] of attributed(image, edited.text).layers.entries()) {
    if (layer.confidence !== 'matched' && layer.confidence !== 'exact') continue;
    const wanted = image.layers[index]!.lines.flatMap(([first, last]): Lines[] => {
      const now = edited.lineNow(first);
      return now === undefined ? [] : [[now, now + last - first]];
    });
    assert.deepEqual(linesOf(layer), wanted, `layer ${index} of ${image.name}`);
  }
}

function attributed(image: RecordedImage, text: string) {
  const dockerfile = buildModel(text, { buildArgs: image.buildArgs });
  const hasTarget = dockerfile.stages.some((stage) => stage.name === image.target);
  return attributeLayers(readImageFacts(image.config), dockerfile, { target: hasTarget ? image.target : undefined });
}
