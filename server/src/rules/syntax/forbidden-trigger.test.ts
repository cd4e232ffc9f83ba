import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { forbiddenTrigger } from './forbidden-trigger.ts';

describeRule(forbiddenTrigger, {
  accepts: { 'what builds': 'ONBUILD RUN make\nONBUILD COPY . /src\nONBUILD USER app' },
  reports: {
    FROM: 'ONBUILD ⟦FROM⟧ debian:13',
    'lower case': 'onbuild ⟦maintainer⟧ me',
    'a trigger of a trigger': 'ONBUILD ⟦ONBUILD⟧ RUN make',
  },
});
