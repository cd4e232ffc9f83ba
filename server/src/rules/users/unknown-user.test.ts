import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { unknownUser } from './unknown-user.ts';

describeRule(unknownUser, {
  accepts: {
    'created before': 'FROM debian:13\nRUN useradd app\nUSER app',
    'created in the parent stage': 'FROM alpine:3.22 AS base\nRUN adduser -D app\nFROM base\nUSER app',
    'a number': 'FROM scratch\nUSER 65532',
    'a system user': 'FROM debian:13\nUSER nobody',
    'a package may create it': 'FROM debian:13\nRUN apt-get update && apt-get install -y nginx\nUSER nginx',
    'accounts are copied': 'FROM scratch\nCOPY --from=build /etc/passwd /etc/passwd\nUSER app',
    'written by hand': 'FROM busybox\nRUN echo "app:x:1:1::/:" >> /etc/passwd\nUSER app',
    'a script may create it': 'FROM debian:13\nCOPY setup.sh /\nRUN /setup.sh\nUSER app',
    'a variable without value': 'FROM debian:13\nARG U\nUSER $U',
    'an image with users of its own': 'FROM jenkins/jenkins:lts\nUSER jenkins',
  },
  reports: {
    'never created': 'FROM debian:13-slim\nCOPY server /usr/bin/\nUSER ⟦app⟧\nCMD ["server"]',
    'in scratch': 'FROM scratch\nCOPY app /app\nUSER ⟦nobody⟧\nENTRYPOINT ["/app"]',
    'with a group': 'FROM alpine:3.22\nUSER ⟦app:app⟧',
  },
});
