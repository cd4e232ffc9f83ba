import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { duplicateStageName } from './duplicate-stage-name.ts';

describeRule(duplicateStageName, {
  accepts: {
    'different names': 'FROM debian:13 AS a\nFROM debian:13 AS b\nFROM a',
    'no names': 'FROM debian:13\nFROM debian:13',
  },
  reports: {
    'the same': 'FROM debian:13 AS a\nFROM debian:13 AS ⟦a⟧',
    'in other case': 'FROM debian:13 AS a\nFROM debian:13 AS ⟦A⟧',
    reserved: 'FROM debian:13 AS ⟦scratch⟧',
  },
});
