import assert from 'node:assert/strict';
import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { lint } from '../../lint/lint.ts';
import { buildModel } from '../../model/dockerfile.ts';
import { fatBase } from './fat-base.ts';

describeRule(fatBase, {
  accepts: {
    'slim already': 'FROM node:24-slim\nCMD ["node"]',
    alpine: 'FROM node:24-alpine\nCMD ["node"]',
    'only the build is fat': 'FROM node:24 AS build\nRUN npm run build\nFROM debian:13-slim\nCOPY --from=build /app /x',
    'no slim variant': 'FROM golang:1.26\nCMD ["x"]',
    'not known': 'FROM registry.example.com/node:24',
    'an image to build or work in': 'FROM buildpack-deps:bookworm\nCMD ["x"]\n',
    'a development container': 'FROM node:24\nRUN useradd -m vscode\nUSER vscode\nCMD ["node"]\n',
    'a JDK that build tools of Java run on':
      'FROM sapmachine:21\nCOPY --from=maven:3.9 /usr/share/maven /usr/share/maven\nCMD ["/usr/share/maven/bin/mvn"]\n',
    'an old line that never had one': 'FROM postgres:17',
  },
  reports: {
    'the stage compiles': 'FROM python:⟦3.13⟧\nRUN git clone https://example.com/x && make -C x\nCMD ["python"]',
    'the health check needs curl': 'FROM node:⟦24⟧\nHEALTHCHECK CMD curl -f http://localhost/\nCMD ["node", "x"]',
    'a package that it lacks comes too late':
      'FROM python:⟦3.13⟧\nRUN git clone x\nRUN apt-get update && apt-get install -y nano\nCMD ["python"]',
    'what it lacks is installed and removed again':
      'FROM python:⟦3.13⟧\nRUN apt-get update && apt-get install -y nano && apt-get purge -y nano\nRUN git clone x\nCMD ["python"]',
    'in the stage that the final one is built from': 'FROM python:⟦3.13⟧ AS base\nFROM base\nRUN gcc x.c',
  },
  fixes: {
    plain: ['FROM node:⟦24⟧\nCOPY . .\nCMD ["node", "x"]\n', 'FROM node:24-slim\nCOPY . .\nCMD ["node", "x"]\n'],
    'a suite': ['FROM python:⟦3.13-bookworm⟧\nCMD ["python"]\n', 'FROM python:3.13-slim-bookworm\nCMD ["python"]\n'],
    'it installs what the slim one lacks': [
      'FROM node:⟦24⟧\nRUN apt-get update && apt-get install -y git\nRUN git --version\nCMD ["node"]\n',
      'FROM node:24-slim\nRUN apt-get update && apt-get install -y git\nRUN git --version\nCMD ["node"]\n',
    ],
    'what it lacks is added to what the stage installs': [
      'FROM ruby:⟦3.4⟧\nRUN apt-get update \\\n    && apt-get install -y --no-install-recommends \\\n      libpq5 \\\n    && rm -rf /var/lib/apt/lists/*\nRUN git clone x && unzip y\nCMD ["ruby"]\n',
      {
        text: 'FROM ruby:3.4-slim\nRUN apt-get update \\\n    && apt-get install -y --no-install-recommends \\\n      libpq5 git ca-certificates unzip \\\n    && rm -rf /var/lib/apt/lists/*\nRUN git clone x && unzip y\nCMD ["ruby"]\n',
        title: 'Use 3.4-slim and install git, ca-certificates and unzip there',
      },
    ],
    'what breaks on musl is named': [
      'FROM python:⟦3.13⟧\nRUN pip install numpy\nADD a b\nCMD ["python"]\n',
      {
        text: 'FROM python:3.13-alpine\nRUN pip install numpy\nADD a b\nCMD ["python"]\n',
        title: 'musl: manylinux wheels may not run',
      },
    ],
    'jdk to jre': [
      'FROM eclipse-temurin:⟦21-jdk⟧\nCOPY app.jar /\nCMD ["java", "-jar", "/app.jar"]\n',
      'FROM eclipse-temurin:21-jre\nCOPY app.jar /\nCMD ["java", "-jar", "/app.jar"]\n',
    ],
    'an install that may compile is named': [
      'FROM ruby:⟦3.4⟧\nRUN bundle install\nCMD ["rackup"]\n',
      {
        text: 'FROM ruby:3.4-slim\nRUN bundle install\nCMD ["rackup"]\n',
        title: 'without gcc bundle install can’t compile',
      },
    ],
    'the fat base is there to build with': [
      'FROM node:⟦24⟧\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD ["node", "dist"]\n',
      {
        text: 'FROM node:24 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nRUN npm prune --omit=dev\n\nFROM node:24-slim\nCOPY --from=build --chown=node:node /app /app\nWORKDIR /app\nUSER node\nCMD ["node", "dist"]\n',
        title: 'Build on node:24, ship node:24-slim (as node',
      },
    ],
    'it builds with what the slim one lacks': [
      'FROM rust:⟦1⟧\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\nCMD ["./target/release/app"]\n',
      {
        text: 'FROM rust:1 AS build\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\n\nFROM gcr.io/distroless/cc-debian13:nonroot\nWORKDIR /app\nCOPY --from=build /app/target/release/app /app/target/release/app\nCMD ["./target/release/app"]\n',
        title: 'Build on rust:1, ship distroless/cc-debian13:nonroot',
      },
    ],
    'an argument': ['ARG V=24\nFROM ⟦node:$V⟧\nCMD ["node"]\n', 'ARG V=24-slim\nFROM node:$V\nCMD ["node"]\n'],
  },
});

describe('architectures of variants', () => {
  const titles = (text: string): string[] =>
    lint(buildModel(text), [fatBase]).findings.flatMap((finding) =>
      finding.fixes.map((fix) => fix.title.split(' ')[1]!),
    );
  const caveats = (text: string): string[] =>
    lint(buildModel(text), [fatBase]).findings.flatMap((finding) =>
      finding.fixes.flatMap((fix) => /not published for [^)]*/.exec(fix.title)?.[0] ?? []),
    );

  it('are held against the platform in FROM', () => {
    assert.deepEqual(titles('FROM --platform=linux/arm64 node:24\nCMD ["node"]'), ['24-slim', '24-alpine']);
    assert.deepEqual(titles('FROM --platform=linux/ppc64le node:24\nCMD ["node"]'), ['24-slim']);
    assert.deepEqual(titles('FROM --platform=$BUILDPLATFORM node:24\nCMD ["node"]'), ['24-slim', '24-alpine']);
  });

  it('are named in a file that is built for several', () => {
    assert.deepEqual(caveats('FROM node:24\nARG TARGETARCH\nCMD ["node"]'), ['not published for linux/ppc64le']);
    assert.deepEqual(caveats('FROM node:24\nCMD ["node"]'), []);
  });
});

it('rule fat-base tells why it offers nothing for a tag of several variables', () => {
  const text = 'ARG A=9\nARG B=13\nARG R=docker.io\nFROM ${R}/debian:${A}.${B}\nCMD ["x"]\n';
  const [finding] = lint(buildModel(text), [fatBase]).findings;
  assert.equal(finding?.withheld, 'The tag is put together from variables.');
});
