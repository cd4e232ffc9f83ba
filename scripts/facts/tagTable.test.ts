import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readBuilds, readTagSet, readVersions } from '../../server/src/facts/readTags.ts';
import { Dictionary, writeTagSet, writeTagTable, writeVersions } from './tagTable.ts';

const word = fc.constantFrom(
  '26',
  '26.7',
  '26.7.0',
  'current',
  'alpine',
  'alpine3.24',
  'slim',
  'bookworm',
  'a',
  'b',
  'c',
);
const tag = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join('-'));
const tags = fc.uniqueArray(tag, { minLength: 1, maxLength: 120 });
const sorted = (list: Iterable<string>) => [...list].sort();

describe('tables of tags', () => {
  it('hold exactly the tags and facts that were written', () => {
    const build = fc.record({
      tags,
      root: fc.constantFrom('', 'debian:trixie', 'alpine:3.24'),
      user: fc.constantFrom('', '?', 'node'),
      cmd: fc.constantFrom('', '?', '["sh","-c","a;b c"]'),
      entrypoint: fc.constantFrom('', '?', '["entry.sh"]'),
      architectures: fc.constantFrom([], ['amd64'], ['amd64', 'arm64v8']),
    });
    fc.assert(
      fc.property(fc.array(build, { minLength: 1, maxLength: 5 }), (builds) => {
        const shared = new Dictionary();
        const text = writeTagTable(builds, shared);
        const read = readBuilds(text, shared.texts);
        assert.deepEqual(
          read.map((each) => ({ ...each, tags: sorted(each.tags) })),
          builds.map((each) => ({ ...each, tags: sorted(each.tags) })),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('hold exactly the retired tags', () => {
    fc.assert(
      fc.property(tags, (list) => assert.deepEqual(sorted(readTagSet(writeTagSet(list))), sorted(list))),
      { numRuns: 50 },
    );
    const many = Array.from({ length: 200 }, (_, at) => `1-${at}`);
    assert.deepEqual(sorted(readTagSet(writeTagSet(many))), sorted(many));
  });

  it('hold exactly the versions', () => {
    const version = fc.tuple(fc.nat(3), fc.nat(3), fc.nat(40)).map((numbers) => numbers.join('.'));
    fc.assert(
      fc.property(fc.uniqueArray(version, { minLength: 1 }), (versions) => {
        assert.deepEqual(sorted(readVersions(writeVersions(versions))), sorted(versions));
      }),
    );
    assert.equal(writeVersions(['1.2.3', '1.2.4', '1.2.7']), '1.2.3-4,7');
  });
});
