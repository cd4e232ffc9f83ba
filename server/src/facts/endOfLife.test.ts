import assert from 'node:assert/strict';
import { endOfLife, retag } from './endOfLife.ts';
import { image, today } from '../../../test/helpers/imageName.ts';
import type { Support } from './types.ts';

const describeSupport = ({ part, label, status, until }: Support) =>
  [part, label, status, ...(until === undefined ? [] : [until])].join(', ');

describe('end of life', () => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    'node:14': ['image, Node.js 14, ended, 2023-04-30'],
    'node:24': ['image, Node.js 24, supported, 2028-04-30'],
    'node:fermium-alpine': ['image, Node.js 14, ended, 2023-04-30'],
    'docker.io/library/node:14.17.6': ['image, Node.js 14, ended, 2023-04-30'],
    'node:20-alpine3.16': ['image, Node.js 20, ended, 2026-04-30', 'os, Alpine Linux 3.16, ended, 2024-05-23'],
    'node:22-buster': ['image, Node.js 22, supported, 2027-04-30', 'os, Debian 10 (Buster), ended, 2024-06-30'],
    'node:22-bookworm': ['image, Node.js 22, supported, 2027-04-30', 'os, Debian 12 (Bookworm), extended, 2028-06-30'],
    'debian:12': ['image, Debian 12 (Bookworm), extended, 2028-06-30'],
    'debian:buster-slim': ['image, Debian 10 (Buster), ended, 2024-06-30'],
    'debian:trixie': ['image, Debian 13 (Trixie), supported, 2028-08-09'],
    'ubuntu:18.04': ['image, Ubuntu 18.04 (Bionic Beaver), ended, 2023-05-31'],
    'ubuntu:bionic': ['image, Ubuntu 18.04 (Bionic Beaver), ended, 2023-05-31'],
    'alpine:3.16': ['image, Alpine Linux 3.16, ended, 2024-05-23'],
    'python:3.8': ['image, Python 3.8, ended, 2024-10-07'],
    'python:2': ['image, Python 2.7, ended, 2020-01-01'],
    'centos:7': ['image, CentOS 7, ended, 2024-06-30'],
    'mcr.microsoft.com/dotnet/sdk:6.0': ['image, Microsoft .NET 6, ended, 2024-11-12'],
    'golang:1.26': ['image, Go 1.26, supported'],
    'amazonlinux:2': ['image, Amazon Linux 2, ended, 2026-06-30'],
    'gcr.io/distroless/static-debian12:nonroot': ['image, Distroless on Debian 12, ended, 2026-09-30'],
    'gcr.io/distroless/base-debian11': ['image, Distroless on Debian 11, ended'],
    'gcr.io/distroless/base-debian13': ['image, Distroless on Debian 13, supported'],
    'registry.access.redhat.com/ubi7/ubi': ['image, Red Hat Enterprise Linux 7, ended, 2024-06-30'],
    'mcr.microsoft.com/windows/servercore:ltsc2022-amd64': [
      'image, Microsoft Windows Server Core 2022, supported, 2031-10-14',
    ],
    'public.ecr.aws/lambda/python:3.8': ['image, AWS Lambda python3.8, ended, 2024-10-14'],
  };
  for (const [name, expected] of Object.entries(cases)) {
    it(name, () => assert.deepEqual(endOfLife(image(name), today).map(describeSupport), expected));
  }

  for (const name of [
    'node',
    'node:latest',
    'node:slim',
    'node:99',
    'node@sha256:00',
    'python:3',
    'alpine:3',
    'debian:stable',
    'openjdk:11',
    'my/image:1-buster',
    'gcr.io/distroless/static',
    'mcr.microsoft.com/windows/nanoserver:1809',
    'no-such-image:1',
  ]) {
    it(`${name} claims nothing`, () => assert.deepEqual(endOfLife(image(name), today), []));
  }

  it('warns ahead, as early as asked for', () => {
    const [support] = endOfLife(image('ubuntu:22.04'), '2027-02-01');
    assert.deepEqual([support?.status, support?.daysLeft], ['ending', 59]);
    assert.equal(endOfLife(image('ubuntu:22.04'), '2027-02-01', 30)[0]?.status, 'supported');
    assert.equal(endOfLife(image('debian:12'), '2028-06-01')[0]?.status, 'ending');
  });

  it('does not trust old data on lines without a date', () => {
    assert.equal(endOfLife(image('golang:1.26'), '2028-01-01')[0]?.status, 'unknown');
  });

  it('survives a date that is none', () => {
    assert.equal(endOfLife(image('node:24'), 'soon')[0]?.status, 'unknown');
  });
});

describe('successors', () => {
  const tags = (name: string) =>
    endOfLife(image(name), today).map((support) => support.successors.map(({ tag }) => tag));
  const cases: Readonly<Record<string, ReadonlyArray<readonly string[]>>> = {
    'node:14': [['22', '26']],
    'node:14-slim': [['22-slim', '26-slim']],
    'node:14.17.6-buster-slim': [['22-trixie-slim', '26-trixie-slim'], []],
    'node:20-alpine3.16': [['22-alpine3.24', '26-alpine3.24'], []],
    'node:22-bookworm': [['24-bookworm', '26-bookworm'], ['22-trixie']],
    'debian:buster-slim': [['trixie-slim']],
    'debian:10': [['13']],
    'ubuntu:bionic': [['jammy', 'resolute']],
    'ubuntu:18.04': [['22.04', '26.04']],
    'python:3.8-slim-buster': [['3.11-slim-trixie', '3.14-slim-trixie'], []],
    'mcr.microsoft.com/dotnet/aspnet:6.0-bullseye-slim': [['10.0'], []],
    'mcr.microsoft.com/dotnet/aspnet:8.0-jammy': [['10.0-noble'], ['8.0-noble']],
    'postgres:9.6-alpine': [['15-alpine', '18-alpine']],
    'traefik:v2.10': [['v3.7']],
    'node:14-onbuild': [[]],
  };
  for (const [name, expected] of Object.entries(cases)) {
    it(name, () => assert.deepEqual(tags(name), expected));
  }

  it('carry their own end and whether they are long-term', () => {
    assert.deepEqual(endOfLife(image('node:14'), today)[0]?.successors[0], {
      cycle: '22',
      label: 'Node.js 22',
      repository: undefined,
      tag: '22',
      until: '2027-04-30',
      isLts: true,
    });
  });

  it('of distroless images are other repositories', () => {
    const [support] = endOfLife(image('gcr.io/distroless/static-debian12:nonroot'), today);
    assert.deepEqual(
      support?.successors.map(({ repository, tag }) => [repository, tag]),
      [['distroless/static-debian13', 'nonroot']],
    );
  });

  it('retag takes a line by number', () => {
    assert.equal(retag(image('node:14-buster-slim'), '24', today), '24-trixie-slim');
    assert.equal(retag(image('node:14-onbuild'), '24', today), undefined);
    assert.equal(retag(image('node:latest'), '24', today), undefined);
  });
});
