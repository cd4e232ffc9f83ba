import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { endOfLifeBase } from './end-of-life-base.ts';

describeRule(endOfLifeBase, {
  accepts: {
    supported: 'FROM node:24',
    'supported long enough': 'FROM debian:13-slim',
    'not known': 'FROM registry.example.com/app:1',
    'a line that the data does not know': 'FROM node:99',
    'no version': 'FROM node',
    'the repository ended with it': 'FROM centos:7',
    'a stage': 'FROM node:24 AS node14\nFROM node14',
    'before its end': { text: 'FROM node:14', today: '2022-01-01' },
  },
  reports: {
    'pinned by digest': 'FROM node:⟦14⟧@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    'an end without a date': 'FROM ⟦gcr.io/distroless/nodejs18-debian11⟧',
  },
  fixes: {
    'the next supported line': ['FROM node:⟦14⟧ AS build\n', 'FROM node:22 AS build\n'],
    'the newest one': ['FROM python:⟦3.8-slim⟧\n', { text: 'FROM python:3.14-slim\n', title: '3.14-slim' }],
    'the distribution in the suffix': ['FROM node:⟦24-bullseye⟧\n', 'FROM node:24-trixie\n'],
    'in quotes': ['FROM "ubuntu:⟦bionic⟧"\n', 'FROM "ubuntu:jammy"\n'],
    'a code name': ['FROM debian:⟦buster⟧\n', 'FROM debian:trixie\n'],
    'an argument': ['ARG V=14\nFROM ⟦node:${V}-alpine⟧\n', 'ARG V=22\nFROM node:${V}-alpine\n'],
    'a release in the repository': [
      'FROM ⟦gcr.io/distroless/static-debian12⟧:nonroot\n',
      'FROM gcr.io/distroless/static-debian13:nonroot\n',
    ],
    soon: [{ text: 'FROM node:⟦22⟧\n', today: '2027-03-01' }, 'FROM node:24\n'],
  },
});
