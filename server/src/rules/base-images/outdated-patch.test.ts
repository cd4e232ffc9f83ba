import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { outdatedPatch } from './outdated-patch.ts';

describeRule(outdatedPatch, {
  accepts: {
    'the tag of a line': 'FROM node:24\nFROM python:3.13-slim\nFROM node:22.11',
    'a patch that was never published': 'FROM node:24.99.1',
    'a line that has ended': 'FROM node:14.17.6',
    'a shorter tag has moved on to another line': 'FROM golang:1.22.1',
    'pinned by digest': `FROM node:24.1.0@sha256:${'0'.repeat(64)}`,
    'an image that is not known': 'FROM registry.example.com/node:24.1.0',
    'the day is not known': { text: 'FROM node:24', today: '2026-11-23' },
  },
  fixes: {
    'the newest patch': ['FROM node:⟦24.1.0⟧\n', 'FROM node:24.19.0\n'],
    'the variant is kept': ['FROM python:⟦3.12.1-slim⟧ AS x\n', 'FROM python:3.12.14-slim AS x\n'],
    'the line': ['FROM node:⟦22.11.0-alpine⟧\n', { text: 'FROM node:22-alpine\n', title: 'Use 22-alpine (always' }],
    'a version in an argument': ['ARG V=24.1.0\nFROM ⟦node:${V}-slim⟧\n', 'ARG V=24.19.0\nFROM node:${V}-slim\n'],
  },
});
