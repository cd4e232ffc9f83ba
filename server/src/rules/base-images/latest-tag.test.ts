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
    'the name of a release':
      'FROM debian:bookworm-slim\nFROM ubuntu:noble\nFROM node:krypton-slim\nFROM buildpack-deps:trixie',
    'the version of what matters': 'FROM gradle:jdk21-alpine\nFROM tomcat:jre21',
    'words of images that are not known': 'FROM example.org/app:stable\nFROM team/app:slim\nFROM node:mine',
    'a release with a snapshot': 'FROM alpine:20260805',
  },
  reports: {
    'distroless that names no release of Debian': 'FROM ⟦gcr.io/distroless/java⟧',
    'not known, nothing to offer': 'FROM ⟦registry.example.com/team/app⟧',
    'a private image': 'FROM team/app:⟦latest⟧',
  },
  fixes: {
    'distroless, whose release the repository names': [
      'FROM ⟦gcr.io/distroless/static⟧:nonroot AS x\n',
      'FROM gcr.io/distroless/static-debian13:nonroot AS x\n',
    ],
    'distroless without a tag': ['FROM ⟦gcr.io/distroless/base⟧\n', 'FROM gcr.io/distroless/base-debian13\n'],
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
    'a variant without a version': ['FROM node:⟦slim⟧ AS x\n', 'FROM node:26-slim AS x\n'],
    'variant and system without a version': ['FROM python:⟦slim-bookworm⟧\n', 'FROM python:3.14-slim-bookworm\n'],
    'on Alpine': ['FROM nginx:⟦alpine⟧\n', 'FROM nginx:1.31-alpine\n'],
    'on a release of Alpine': ['FROM golang:⟦alpine3.24⟧\n', 'FROM golang:1.27-alpine3.24\n'],
    'a channel': ['FROM node:⟦lts-alpine⟧\n', { text: 'FROM node:24-alpine\n', title: 'which lts-alpine was on' }],
    'a channel without a variant': ['FROM nginx:⟦stable⟧\n', 'FROM nginx:1.30\n'],
    'a channel of a distribution': ['FROM debian:⟦stable-slim⟧\n', 'FROM debian:13-slim\n'],
    'a development branch': ['FROM alpine:⟦edge⟧\n', 'FROM alpine:3.24\n'],
    'a variant in an argument': ['ARG V=alpine\nFROM ⟦node:${V}⟧\n', 'ARG V=26-alpine\nFROM node:${V}\n'],
  },
});
