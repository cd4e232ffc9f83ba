import assert from 'node:assert/strict';
import { imageChoices, tagChoices } from './choices.ts';
import { deprecatedRepository } from './deprecated.ts';
import { tagStatus } from './tags.ts';

const today = '2026-09-01';

describe('images and tags to choose from', () => {
  it('names no image that is given up, and none twice', () => {
    const names = imageChoices().map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    assert.ok(names.includes('node') && !names.includes('openjdk') && !names.includes('centos'));
    const official = names.filter((name) => !name.includes('/'));
    for (const repository of official) {
      const name = { registry: undefined, repository, tag: undefined, digest: undefined };
      assert.equal(deprecatedRepository(name, today), undefined, repository);
    }
  });

  it('knows tags of every image', () => {
    const without = imageChoices().filter(({ name }) => tagChoices(name, today).length === 0);
    assert.deepEqual(without, []);
  });

  it('names published tags only', () => {
    for (const { tag } of tagChoices('python', today)) assert.equal(tagStatus('python', tag), 'current');
    assert.deepEqual(tagChoices('no-such-image', today), []);
  });

  it('puts recommended tags first, supported lines next, what has ended last', () => {
    const choices = tagChoices('node', today);
    assert.ok(choices[0]!.isRecommended && choices[0]!.isLts);
    const later = tagChoices('node', '2028-06-01').map(({ status }) => status);
    assert.equal(later.at(-1), 'ended');
    const firstEnded = later.indexOf('ended');
    assert.ok(later.slice(firstEnded).every((status) => status === 'ended'));
    assert.ok(later.slice(0, firstEnded).includes('supported'));
  });

  it('tells the line of a tag that names none', () => {
    const latest = tagChoices('node', today).find(({ tag }) => tag === 'latest')!;
    assert.match(latest.label!, /^Node\.js \d+$/);
    assert.equal(latest.size!.approximate, false);
  });

  it('judges no support without a date', () => {
    assert.ok(tagChoices('node', undefined).every(({ status }) => status === 'unknown'));
  });
});
