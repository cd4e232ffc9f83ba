import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { missingArguments } from './missing-arguments.ts';

describeRule(missingArguments, {
  accepts: {
    enough: 'FROM debian:13\nCOPY a b\nENV A b\nUSER a\nWORKDIR /a b\nSTOPSIGNAL SIGTERM',
    json: 'COPY ["a b", "/"]',
    'a heredoc is a source': 'COPY <<EOF /a\nx\nEOF',
    'an empty value': 'ENV A=',
  },
  reports: {
    nothing: '⟦RUN⟧\n⟦USER⟧\n⟦ENV⟧',
    'no destination': '⟦COPY⟧ app\n⟦ADD⟧ ["app"]',
    'no value': '⟦ENV⟧ NAME',
    'in ONBUILD': 'ONBUILD ⟦COPY⟧ app',
    'two signals': '⟦STOPSIGNAL⟧ SIGTERM SIGKILL',
  },
});
