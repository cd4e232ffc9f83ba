import assert from 'node:assert/strict';
import { deprecatedRepository } from './deprecated.ts';
import { image, today } from '../../../test/helpers/imageName.ts';

describe('deprecated repository', () => {
  const cases: Readonly<Record<string, readonly [since: string, successor: string | undefined]>> = {
    'openjdk:8': ['2022-07', 'eclipse-temurin:8-jdk'],
    'openjdk:17-jdk-slim': ['2022-07', 'eclipse-temurin:17-jdk'],
    'openjdk:8-jre-alpine': ['2022-07', 'eclipse-temurin:8-jre-alpine'],
    'openjdk:12': ['2022-07', 'eclipse-temurin:17-jdk'],
    'java:8': ['2017-06-08', 'eclipse-temurin:8-jdk'],
    'adoptopenjdk:11-jre-hotspot': ['2021-10-08', 'eclipse-temurin:11-jre'],
    'centos:7': ['2024-07-29', 'almalinux:8'],
    centos: ['2024-07-29', 'almalinux:10'],
    'centos:8.4.2105': ['2024-07-29', 'almalinux:8'],
    'django:1': ['2017-05-19', 'python:3.14'],
    'vault:1.13': ['2024-07-29', 'hashicorp/vault'],
    clearlinux: ['2025-07-18', undefined],
    'microsoft/dotnet:2.1-sdk': ['2019-03', 'mcr.microsoft.com/dotnet/sdk'],
    'mcr.microsoft.com/dotnet/core/aspnet:3.1': ['2020-11', 'mcr.microsoft.com/dotnet/aspnet'],
  };
  for (const [name, [since, successor]] of Object.entries(cases)) {
    it(name, () => {
      const deprecated = deprecatedRepository(image(name), today);
      assert.deepEqual([deprecated?.since, deprecated?.successors[0]], [since, successor]);
    });
  }

  for (const name of ['node:14', 'constructor', 'my/openjdk:8', 'eclipse-temurin:8']) {
    it(`${name} is not`, () => assert.equal(deprecatedRepository(image(name), today), undefined));
  }
});
