import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { unknownInstruction } from './unknown-instruction.ts';

describeRule(unknownInstruction, {
  accepts: {
    'all of them':
      'ARG A\nFROM debian:13\nADD a b\nARG A\nCMD a\nCOPY a b\nENTRYPOINT a\nENV A=b\nEXPOSE 1\nHEALTHCHECK NONE\nLABEL a=b\nMAINTAINER a\nONBUILD RUN a\nRUN a\nSHELL ["a"]\nSTOPSIGNAL 9\nUSER a\nVOLUME a\nWORKDIR /a',
    'any case': 'run true\nRun true',
    'a continued line': 'RUN apt-get update \\\n && apt-get install x',
  },
  reports: {
    'nothing near': '⟦SET⟧ x y',
    'two are as near': '⟦AMD⟧ a',
    'an option in ONBUILD, which does not go on above': 'RUN make\nONBUILD ⟦-o⟧ x',
  },
  fixes: {
    'a letter': ['⟦ENTRYPONT⟧ ["a"]', 'ENTRYPOINT ["a"]'],
    'swapped letters': ['⟦CPOY⟧ a b', 'COPY a b'],
    'lower case': ['⟦rnu⟧ true', 'run true'],
    'in ONBUILD': ['ONBUILD ⟦RNU⟧ true', 'ONBUILD RUN true'],
    'a missing continuation': [
      'RUN apt-get update\n  ⟦&&⟧ apt-get install x',
      'RUN apt-get update \\\n  && apt-get install x',
    ],
    'an operator at the end': [
      'RUN apt-get update &&\n    ⟦apt-get⟧ install x',
      'RUN apt-get update && \\\n    apt-get install x',
    ],
  },
});
