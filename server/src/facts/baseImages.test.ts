import assert from 'node:assert/strict';
import { baseImageFacts } from './baseImages.ts';
import { currentTags, tagsDate } from './data/images.generated.ts';
import { buildsOf } from './tags.ts';
import { image } from '../../../test/helpers/imageName.ts';

const facts = (name: string) => {
  const known = baseImageFacts(image(name));
  assert.ok(known, `${name} is known`);
  return known;
};

describe('base image facts', () => {
  it('know the system, its C library, shell and package manager', () => {
    const cases = {
      'node:24': 'debian bookworm glibc bash apt',
      'node:24-trixie-slim': 'debian trixie glibc bash apt',
      'node:24-alpine': 'alpine 3.24 musl ash apk',
      'node:14': 'debian undefined glibc bash apt',
      'node:14-alpine3.16': 'alpine 3.16 musl ash apk',
      'ubuntu:24.04': 'ubuntu noble glibc bash apt',
      'alpine:3.20': 'alpine 3.20 musl ash apk',
      'eclipse-temurin:21-jdk-jammy': 'ubuntu jammy glibc bash apt',
      'centos:7': 'rhel 7 glibc bash yum',
      'almalinux:9': 'rhel 9 glibc bash dnf',
      'almalinux:9-minimal': 'rhel 9 glibc bash microdnf',
      'amazonlinux:2023': 'amazon 2023 glibc bash dnf',
      'registry.access.redhat.com/ubi9/ubi-micro': 'rhel 9 glibc bash none',
      'gcr.io/distroless/static-debian13': 'distroless undefined none none none',
      'gcr.io/distroless/cc-debian13': 'distroless undefined glibc none none',
      'cgr.dev/chainguard/python:latest': 'wolfi undefined glibc none none',
      'cgr.dev/chainguard/python:latest-dev': 'wolfi undefined glibc bash apk',
      'mcr.microsoft.com/dotnet/aspnet:8.0': 'debian bookworm glibc bash apt',
      'mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled': 'distroless undefined glibc none none',
      'mcr.microsoft.com/dotnet/sdk:6.0': 'debian undefined glibc bash apt',
      'golang:1.26-nanoserver': 'windows ltsc2025 none windows none',
      'openjdk:17': 'rhel 8 glibc bash microdnf',
      'openjdk:8': 'debian undefined glibc bash apt',
      'nvidia/cuda:12.4.1-runtime-ubuntu22.04': 'ubuntu jammy glibc bash apt',
      'mcr.microsoft.com/windows/servercore:ltsc2022': 'windows ltsc2022 none windows none',
      'maven:3.6-jdk-11': 'debian undefined glibc bash apt',
      'node:boron-slim': 'debian undefined glibc bash apt',
      'busybox:musl': 'busybox 1.38 musl ash none',
    };
    for (const [name, expected] of Object.entries(cases)) {
      const { family, release, libc, shell, packageManager } = facts(name);
      assert.equal(`${family} ${release} ${libc} ${shell} ${packageManager}`, expected, name);
    }
  });

  it('know the user an image starts with', () => {
    const cases: Readonly<Record<string, readonly [string, number | undefined, boolean | 'unknown']>> = {
      node: ['root', 0, true],
      'node:14': ['root', 0, true],
      'postgres:18': ['root', 0, true],
      'redis:8': ['root', 0, true],
      'memcached:1': ['memcache', 11211, false],
      'haproxy:lts': ['haproxy', 99, false],
      'elasticsearch:9.5.2': ['1000:0', 1000, false],
      'gcr.io/distroless/static:nonroot': ['nonroot', 65532, false],
      'gcr.io/distroless/static': ['root', 0, true],
      'cgr.dev/chainguard/node': ['nonroot', 65532, false],
      'cgr.dev/chainguard/wolfi-base': ['0', 0, true],
      'cgr.dev/chainguard/unheard-of': ['', undefined, 'unknown'],
      'mcr.microsoft.com/dotnet/aspnet:8.0': ['root', 0, true],
      'mcr.microsoft.com/dotnet/aspnet:8.0-noble-chiseled': ['1654', 1654, false],
      'nginxinc/nginx-unprivileged:1.30': ['101', 101, false],
      'mcr.microsoft.com/dotnet/aspnet:6.0': ['root', 0, true],
      'mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-arm64v8': ['1654', 1654, false],
      'registry.access.redhat.com/ubi9/python-312': ['1001', 1001, false],
      'mcr.microsoft.com/windows/nanoserver:ltsc2022': ['ContainerUser', undefined, false],
      'jenkins/jenkins:lts': ['jenkins', 1000, false],
      'public.ecr.aws/lambda/python:3.12': ['root', 0, 'unknown'],
      'golang:1.26-nanoserver': ['ContainerUser', undefined, false],
      'golang:1.26-windowsservercore': ['ContainerAdministrator', undefined, true],
    };
    for (const [name, expected] of Object.entries(cases)) {
      const { user } = facts(name);
      assert.deepEqual([user.name, user.uid, user.isRoot], expected, name);
    }
  });

  it('know the users that are ready', () => {
    const cases: Readonly<Record<string, readonly string[]>> = {
      'node:24': ['node 1000 1000 /home/node'],
      'nginx:1.30-alpine': ['nginx 101 101 undefined'],
      'postgres:18': ['postgres 999 undefined undefined'],
      'postgres:18-alpine': ['postgres 70 undefined undefined'],
      'php:8.4-fpm': ['www-data 33 undefined undefined'],
      'php:8.4-fpm-alpine': ['www-data 82 undefined undefined'],
      'mcr.microsoft.com/dotnet/aspnet:8.0': ['app 1654 1654 /home/app'],
      'mcr.microsoft.com/dotnet/aspnet:6.0': [],
      'gcr.io/distroless/static': ['nonroot 65532 65532 /home/nonroot'],
      'python:3.14': [],
      'docker:29-dind': [],
    };
    for (const [name, expected] of Object.entries(cases)) {
      const users = facts(name).readyUsers.map(({ name: user, uid, gid, home }) => `${user} ${uid} ${gid} ${home}`);
      assert.deepEqual(users, expected, name);
    }
    assert.match(facts('nginx:1.30').readyUsers[0]?.caveat ?? '', /nginx-unprivileged/);
  });

  it('know who steps down from root', () => {
    for (const name of ['postgres:18', 'postgres:12', 'redis:8', 'mysql:8.4', 'mongo:8.0', 'ghost:6']) {
      assert.equal(facts(name).dropsPrivileges, true, name);
    }
    for (const name of ['node:24', 'nginx:1.30', 'memcached:1']) assert.equal(facts(name).dropsPrivileges, false, name);
  });

  it('give a recipe for a user that works on the system', () => {
    const cases = {
      'debian:13': 'useradd',
      'ubuntu:24.04': 'useradd',
      'node:24-alpine': 'adduser',
      'busybox:1': 'adduser',
      'almalinux:9': 'useradd',
      'gcr.io/distroless/static': 'numeric',
      'registry.access.redhat.com/ubi9/ubi-micro': 'numeric',
      'golang:1.26-nanoserver': 'builtin',
    };
    for (const [name, kind] of Object.entries(cases)) {
      const recipe = facts(name).userRecipe;
      assert.equal(recipe?.kind, kind, name);
      assert.deepEqual(recipe.installs, [], name);
      assert.equal(recipe.commands === undefined, kind === 'numeric' || kind === 'builtin', name);
    }
    assert.doesNotMatch(facts('debian:13').userRecipe?.commands ?? '', /adduser/);
    assert.deepEqual(facts('amazonlinux:2023').userRecipe?.installs, ['shadow-utils']);
    assert.match(facts('registry.access.redhat.com/ubi9/ubi-minimal').userRecipe?.commands ?? '', /^microdnf install/);
  });

  it('know commands, and say when they do not', () => {
    const cases: ReadonlyArray<readonly [string, string, boolean | 'unknown']> = [
      ['node:24', 'git', true],
      ['node:24-slim', 'git', false],
      ['node:24-slim', 'apt-get', true],
      ['node:24-slim', 'cat', true],
      ['node:24-slim', 'my-tool', 'unknown'],
      ['node:24-alpine', 'bash', false],
      ['node:24-alpine', 'wget', true],
      ['debian:12', 'adduser', true],
      ['debian:13', 'adduser', false],
      ['debian:10-slim', 'adduser', true],
      ['debian:13', 'useradd', true],
      ['ubuntu:24.04', 'adduser', false],
      ['python:3.14-slim', 'adduser', false],
      ['golang:1.26-windowsservercore', 'git', 'unknown'],
      ['gcr.io/distroless/static', 'sh', false],
      ['gcr.io/distroless/nodejs24-debian13', 'node', true],
      ['centos:7', 'curl', 'unknown'],
    ];
    for (const [name, command, expected] of cases) {
      assert.equal(facts(name).has(command), expected, `${command} in ${name}`);
    }
  });

  it('know what an image starts', () => {
    const start = (name: string) => [facts(name).entrypoint, facts(name).cmd];
    assert.deepEqual(start('node:24'), [['docker-entrypoint.sh'], ['node']]);
    assert.deepEqual(start('node:14'), [['docker-entrypoint.sh'], ['node']]);
    assert.deepEqual(start('golang:1.26'), [[], ['bash']]);
    assert.deepEqual(start('alpine:3.24'), [[], ['/bin/sh']]);
    assert.deepEqual(start('eclipse-temurin:21-jre'), [['/__cacert_entrypoint.sh'], []]);
    assert.deepEqual(start('redis:8'), [undefined, undefined]);
  });

  it('know directories, ports and sizes', () => {
    assert.equal(facts('golang:1.26').workdir, '/go');
    assert.equal(facts('node:24').workdir, '/');
    assert.deepEqual(facts('nginx:1.30').ports, [80]);
    assert.deepEqual(facts('node:24').ports, []);
    assert.equal(facts('alpine:3.24').size?.approximate, false);
    assert.equal(facts('node:14').size?.approximate, true);
    assert.equal(facts('ubuntu:18.04').size, undefined);
  });

  it('say where a tag stands', () => {
    assert.equal(facts('node:24').tagStatus, 'current');
    assert.equal(facts('node:14').tagStatus, 'retired');
    assert.equal(facts('node:99').tagStatus, 'unknown');
    assert.equal(facts('public.ecr.aws/docker/library/node:24').official, true);
    assert.equal(facts('gcr.io/distroless/static').official, false);
    assert.match(tagsDate, /^\d{4}-\d\d-\d\d$/);
  });

  for (const name of [
    'bitnami/node:20',
    'my/app:1-alpine',
    'constructor',
    'node:$V',
    'node@sha256:00',
    'ghcr.io/node:1',
  ]) {
    it(`are not claimed for ${name}`, () => assert.equal(baseImageFacts(image(name)), undefined));
  }

  it('are there for every published tag', () => {
    for (const repository of Object.keys(currentTags)) {
      for (const { tags } of buildsOf(repository)) {
        const known = facts(`${repository}:${tags[0]}`);
        assert.equal(known.tagStatus, 'current');
        if (known.packageManager === 'apt') assert.equal(known.has('apt-get'), true, `${repository}:${tags[0]}`);
      }
    }
  });
});
