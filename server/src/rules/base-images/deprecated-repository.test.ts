import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { deprecatedRepositoryRule } from './deprecated-repository.ts';

describeRule(deprecatedRepositoryRule, {
  accepts: {
    maintained: 'FROM eclipse-temurin:21',
    'another publisher’s image of the same name': 'FROM registry.example.com/openjdk:8',
    'a stage': 'FROM debian:13 AS java\nFROM java',
  },
  reports: {
    'in a variable': 'ARG BASE=openjdk:8\nFROM ⟦$BASE⟧',
  },
  fixes: {
    java: ['FROM ⟦java⟧:8\n', 'FROM eclipse-temurin:8-jdk\n'],
    centos: ['FROM ⟦centos⟧:8 AS x\n', 'FROM almalinux:8 AS x\n'],
    'a repository that was moved': [
      'FROM ⟦mcr.microsoft.com/dotnet/core/aspnet⟧:3.1-alpine\n',
      'FROM mcr.microsoft.com/dotnet/aspnet:10.0-alpine\n',
    ],
    'one that was moved twice, with its variant': [
      'FROM ⟦microsoft/dotnet⟧:2.1.6-aspnetcore-runtime-alpine3.7\n',
      'FROM mcr.microsoft.com/dotnet/aspnet:10.0-alpine\n',
    ],
    'the second choice': ['FROM ⟦openjdk⟧:8\n', { text: 'FROM amazoncorretto:8-jdk\n', title: 'amazoncorretto' }],
  },
});
