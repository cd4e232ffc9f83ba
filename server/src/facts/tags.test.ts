import assert from 'node:assert/strict';
import { currentTags } from './data/images.generated.ts';
import { floatingTag } from './floatingTag.ts';
import { buildOf, buildsOf, nearestBuild, tagStatus } from './tags.ts';

describe('tag status', () => {
  const cases = [
    ['node', '24-bookworm-slim', 'current'],
    ['node', 'latest', 'current'],
    ['node', '14', 'retired'],
    ['node', '14-slim', 'retired'],
    ['node', '14.17.6', 'retired'],
    ['node', '14.17.6-slim', 'retired'],
    ['node', '14.17.6-windows', 'unknown'],
    ['node', '14.17.99', 'unknown'],
    ['node', '99', 'unknown'],
    ['centos', '7', 'retired'],
    ['java', '8', 'retired'],
    ['mcr.microsoft.com/dotnet/sdk', '10.0', 'current'],
    ['no-such-image', 'latest', 'unknown'],
    ['constructor', 'name', 'unknown'],
  ] as const;
  for (const [repository, tag, status] of cases) {
    it(`${repository}:${tag} is ${status}`, () => assert.equal(tagStatus(repository, tag), status));
  }
});

describe('builds', () => {
  it('list every tag once and find it again', () => {
    for (const repository of Object.keys(currentTags)) {
      const tags = buildsOf(repository).flatMap((build) => build.tags);
      assert.equal(new Set(tags).size, tags.length, repository);
      for (const tag of tags) assert.match(tag, /^[\w][\w.+-]*$/, `${repository}:${tag}`);
    }
  });

  it('are the same for two names of one image', () => {
    assert.equal(buildOf('debian', '12-slim'), buildOf('debian', 'bookworm-slim'));
    assert.notEqual(buildOf('debian', '12-slim'), buildOf('debian', '12'));
  });

  it('are found by the release line for an unknown patch version', () => {
    assert.equal(nearestBuild('node', '24.99.1-slim'), buildOf('node', '24-slim'));
    assert.equal(nearestBuild('node', '14'), undefined);
    assert.equal(nearestBuild('alpine', '3.20'), undefined);
  });
});

describe('tags without a version', () => {
  const cases = [
    ['node', 'slim', 'variant', '26-slim'],
    ['node', 'lts', 'channel', '24'],
    ['arm64v8/golang', 'alpine', 'variant', '1.27-alpine'],
    ['docker', 'dind', 'variant', '29.7-dind'],
    ['ubuntu', 'rolling', 'channel', '26.04'],
    ['debian', 'stable-slim', 'channel', undefined],
    ['debian', 'sid-20260803-slim', 'development', undefined],
    ['fedora', 'rawhide', 'development', undefined],
  ] as const;
  for (const [repository, tag, kind, pinned] of cases) {
    it(`${repository}:${tag} is a ${kind}`, () =>
      assert.deepEqual(floatingTag({ registry: undefined, repository, tag, digest: undefined }), { kind, pinned }));
  }
  for (const name of ['node:24-slim', 'node:latest', 'debian:trixie', 'maven:eclipse-temurin-21', 'team/app:edge']) {
    it(`${name} is none`, () => {
      const [repository, tag] = name.split(':');
      assert.equal(floatingTag({ registry: undefined, repository: repository!, tag, digest: undefined }), undefined);
    });
  }
});
