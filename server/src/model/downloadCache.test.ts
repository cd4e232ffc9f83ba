import assert from 'node:assert/strict';
import { buildModel } from './dockerfile.ts';
import { accountOf, downloadCaches, mountFlag } from './downloadCache.ts';
import type { Manager } from './packages.ts';

function flags(text: string, manager: Manager): string[] | undefined {
  const run = buildModel(text).runs.at(-1)!;
  const account = accountOf(run);
  return account && downloadCaches(manager, run, account).map((cache) => mountFlag(cache, account));
}

describe('download caches', () => {
  it('lie in the home folder of the user', () => {
    assert.deepEqual(flags('FROM node:24\nRUN x', 'npm'), ['--mount=type=cache,target=/root/.npm']);
    assert.deepEqual(flags('FROM node:24\nUSER node\nRUN x', 'npm'), [
      '--mount=type=cache,target=/home/node/.npm,uid=1000,gid=1000',
    ]);
    assert.deepEqual(flags('FROM node:24\nENV HOME=/h\nRUN x', 'pip'), ['--mount=type=cache,target=/h/.cache/pip']);
    assert.equal(flags('FROM node:24\nUSER somebody\nRUN x', 'npm'), undefined);
  });

  it('are those of the image', () => {
    assert.deepEqual(flags('FROM golang:1.26\nRUN x', 'go'), [
      '--mount=type=cache,target=/go/pkg/mod',
      '--mount=type=cache,target=/root/.cache/go-build',
    ]);
    assert.deepEqual(flags('FROM rust:1\nRUN x', 'cargo')?.[0], '--mount=type=cache,target=/usr/local/cargo/registry');
    assert.deepEqual(flags('FROM debian:13\nRUN x', 'apt')?.length, 2);
    assert.deepEqual(flags('FROM alpine:3.22\nRUN x', 'apt'), []);
  });

  it('are not known when the environment moves them', () => {
    assert.deepEqual(flags('FROM node:24\nENV NPM_CONFIG_CACHE=/x\nRUN x', 'npm'), []);
    assert.deepEqual(flags('FROM python:3\nENV PIP_NO_CACHE_DIR=1\nRUN x', 'pip'), []);
  });
});
