import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { invalidDirective } from './invalid-directive.ts';

describeRule(invalidDirective, {
  accepts: {
    'one of each': '# syntax=docker/dockerfile:1\n# check=skip=all\n# escape=`\nFROM debian:13',
    'a comment that looks like one': '# hello\n# escape=x\nFROM debian:13',
  },
  reports: {
    'a value': '# escape=⟦x⟧\nFROM debian:13',
    twice: '# syntax=docker/dockerfile:1\n⟦# syntax=docker/dockerfile:1.7⟧\nFROM debian:13',
  },
});
