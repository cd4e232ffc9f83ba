import assert from 'node:assert/strict';
import { currentTags } from './data/images.generated.ts';
import { recommendedTags } from './recommendedTags.ts';
import { buildOf, buildsOf, tagStatus } from './tags.ts';
import { image, today } from '../../../test/helpers/imageName.ts';
import { slimVariants } from './variants.ts';

describe('slim variants', () => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    'node:24': ['24-slim', '24-alpine'],
    'node:24-bookworm': ['24-bookworm-slim', '24-alpine'],
    'node:14': ['14-slim', '14-alpine'],
    'node:14.17.6': ['14.17.6-slim', '14.17.6-alpine'],
    'node:24-slim': ['24-alpine'],
    'node:24-alpine': [],
    'node:99': [],
    'python:3.12': ['3.12-slim', '3.12-alpine'],
    'python:3.12-bookworm': ['3.12-slim-bookworm', '3.12-alpine'],
    'golang:1.26': ['1.26-alpine'],
    'eclipse-temurin:21-jdk': ['21-jre', '21-jdk-alpine', '21-jre-alpine'],
    'tomcat:11-jdk21': ['11-jre21'],
    'debian:12': ['12-slim'],
    'nginx:1.30': ['1.30-alpine', '1.30-alpine-slim'],
    'php:8.4-apache': [],
    'php:8.4-fpm': ['8.4-fpm-alpine'],
    'almalinux:9': ['9-minimal'],
    'buildpack-deps:trixie': ['trixie-scm', 'trixie-curl'],
    'mcr.microsoft.com/dotnet/aspnet:8.0': ['8.0-alpine', '8.0-noble-chiseled'],
    'ubuntu:24.04': [],
    'my/image:1': [],
  };
  for (const [name, expected] of Object.entries(cases)) {
    it(name, () =>
      assert.deepEqual(
        slimVariants(image(name)).map(({ tag }) => tag),
        expected,
      ),
    );
  }

  it('tell sizes, losses and risk', () => {
    const [slim, alpine] = slimVariants(image('node:26'));
    assert.equal(slim?.changesLibc, false);
    assert.equal(slim?.risk, 'low');
    assert.ok(slim?.loses?.includes('git'));
    assert.ok(slim.size && slim.currentSize && slim.size.bytes < slim.currentSize.bytes / 4);
    assert.equal(alpine?.changesLibc, true);
    assert.equal(alpine?.risk, 'high');
  });

  it('are always published tags, smaller as far as sizes are known', () => {
    for (const repository of Object.keys(currentTags)) {
      for (const { tags } of buildsOf(repository)) {
        for (const variant of slimVariants(image(`${repository}:${tags[0]}`))) {
          assert.equal(tagStatus(repository, variant.tag), 'current', `${repository}:${variant.tag}`);
          assert.notEqual(buildOf(repository, variant.tag), buildOf(repository, tags[0]!), `${repository}:${tags[0]}`);
          if (variant.size && variant.currentSize) assert.ok(variant.size.bytes < variant.currentSize.bytes);
        }
      }
    }
  });
});

describe('recommended tags', () => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    node: ['26', '26-slim', '26-alpine'],
    python: ['3.14', '3.14-slim', '3.14-alpine'],
    golang: ['1.27', '1.27-alpine'],
    debian: ['13', '13-slim'],
    ubuntu: ['26.04'],
    alpine: ['3.24'],
    nginx: ['1.30', '1.30-alpine'],
    'mcr.microsoft.com/dotnet/aspnet': ['10.0', '10.0-alpine'],
    'no-such-image': [],
    openjdk: [],
  };
  for (const [repository, expected] of Object.entries(cases)) {
    it(repository, () =>
      assert.deepEqual(
        recommendedTags(repository, today).map(({ tag }) => tag),
        expected,
      ),
    );
  }

  it('tell how long they are supported', () => {
    const [first] = recommendedTags('node', today);
    assert.deepEqual([first?.label, first?.until, first?.isLts], ['Node.js 26', '2029-04-30', true]);
  });
});
