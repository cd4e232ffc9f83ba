import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { unnamedDescription } from './unnamed-description.ts';

describeRule(unnamedDescription, {
  accepts: {
    'a stage without a name': '# the image\nFROM debian:13\n',
    'the name first': '# base is for all\nFROM debian:13 AS base\n# A is one\n# B is another\nARG A=1 B=2\n',
    'only the last line counts': '# Of all things\n# A is one\nARG A\n',
    'an empty line between': '# Copyright\n\nFROM debian:13 AS base\n',
    'words to a tool': '# hadolint ignore=DL3006\nFROM debian AS base\n# renovate: datasource=github\nARG V=1\n',
    'a directive': '# syntax=docker/dockerfile:1\nARG V=1\nFROM debian:$V\n',
    'another instruction': '# A\nENV B=1\n',
    'a line of signs': '#\nARG A\n#----- 1 -----\nARG B\n',
  },
  fixes: {
    'a stage': [
      '# ⟦what all need⟧\nFROM debian:13 AS base\n',
      { text: '# base what all need\nFROM debian:13 AS base\n', safety: 'suggestion' },
    ],
    'an argument': ['  #⟦the version⟧\n  ARG V=1\n', '  #V the version\n  ARG V=1\n'],
    'a name in another case': [
      '# ⟦Base is it⟧\nFROM debian:13 AS base\n',
      '# base Base is it\nFROM debian:13 AS base\n',
    ],
    'an empty line': [
      '# ⟦Copyright⟧\nARG V=1\n',
      { text: '# Copyright\n\nARG V=1\n', title: 'Put an empty line behind the comment' },
    ],
  },
});
