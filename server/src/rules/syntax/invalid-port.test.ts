import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { invalidPort } from './invalid-port.ts';

describeRule(invalidPort, {
  accepts: {
    ports: 'EXPOSE 80 443/tcp 53/UDP 9/sctp',
    ranges: 'EXPOSE 8000-8010/tcp',
    'the ends': 'EXPOSE 0 65535',
    quotes: 'EXPOSE "80"',
    variables: 'ARG PORT\nEXPOSE $PORT ${PORT}/udp $HOST:80',
  },
  reports: {
    'too large': 'EXPOSE 80 ⟦80000⟧',
    'no number': 'EXPOSE ⟦http⟧',
    'no protocol of a port': 'EXPOSE ⟦80/http⟧',
    'commas between': 'EXPOSE ⟦80,⟧ 443',
    backwards: 'EXPOSE ⟦90-80⟧',
    'in a trigger': 'ONBUILD EXPOSE ⟦x⟧',
  },
  fixes: {
    'a port of the host': ['EXPOSE ⟦8080:80⟧ 443', 'EXPOSE 80 443'],
    'with address and protocol': ['EXPOSE ⟦127.0.0.1:53:53/udp⟧', 'EXPOSE 53/udp'],
  },
});
