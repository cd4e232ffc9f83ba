import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { latestTag } from './latest-tag.ts';

describeRule(latestTag, {
  accepts: {
    'a version': 'FROM node:24',
    'a digest': 'FROM node@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    scratch: 'FROM scratch',
    'a stage': 'FROM node:24 AS build\nFROM build',
    'an argument without default': 'ARG IMAGE\nFROM $IMAGE',
    'distroless, where the name tells the release': 'FROM gcr.io/distroless/static-debian13',
    'a port is no tag': 'FROM localhost:5000/app:1',
    'an argument with a version': 'ARG V=24\nFROM node:$V',
  },
  reports: {
    'distroless without a release': 'FROM ⟦gcr.io/distroless/static⟧',
    'not known, nothing to offer': 'FROM ⟦registry.example.com/team/app⟧',
    'a private image': 'FROM team/app:⟦latest⟧',
  },
  fixes: {
    'no tag': ['FROM ⟦alpine⟧ AS x\n', 'FROM alpine:3.24 AS x\n'],
    latest: [
      'FROM --platform=linux/amd64 node:⟦latest⟧\n',
      { text: 'FROM --platform=linux/amd64 node:26-slim\n', title: '26-slim' },
    ],
    'in the argument': ['ARG NODE="latest"\nFROM ⟦node:${NODE}⟧\n', 'ARG NODE="26"\nFROM node:${NODE}\n'],
    'the whole name in the argument': ['ARG BASE=debian\nFROM ⟦$BASE⟧\n', 'ARG BASE=debian:13\nFROM $BASE\n'],
    'a registry in front': [
      'FROM docker.io/library/⟦latest-less⟧\n'
        .replace('⟦latest-less⟧', '⟧')
        .replace('docker.io/library/⟧', '⟦docker.io/library/python⟧'),
      'FROM docker.io/library/python:3.14\n',
    ],
  },
});
