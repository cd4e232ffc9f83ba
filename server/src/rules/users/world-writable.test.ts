import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { worldWritable } from './world-writable.ts';

describeRule(worldWritable, {
  accepts: {
    'the owner only': 'RUN chmod 755 /start.sh && chmod u+w /x',
    'the group, as OpenShift wants it': 'RUN chmod -R g=u /app && chmod 775 /data',
    'a folder with the sticky bit': 'RUN chmod 1777 /scratch && chmod a+rwxt /other',
    'a tool for any user, as the official images make it': 'RUN chmod -R a+w /usr/local/cargo && chmod 777 "$GEM_HOME"',
    'below the folder for everybody': 'RUN mkdir /tmp/data && chmod 0777 /tmp/data',
    'the folder for everybody': 'RUN chmod 777 /tmp',
    'what the umask decides': 'RUN chmod +w /x',
    'taken away': 'RUN chmod o-w /x && chmod a-rwx /y',
    'a stage that does not ship': 'FROM debian:13 AS build\nRUN chmod 777 /x\nFROM debian:13\nCOPY --from=build /x /x',
    'a mode in a variable': 'ARG MODE\nRUN chmod $MODE /x',
  },
  reports: {
    'a program that does not run as root may need it': 'FROM node:24\nRUN mkdir /data && chmod ⟦777⟧ /data\nUSER node',
    'workers of a web server': 'FROM php:8.3-apache\nRUN chmod -R ⟦777⟧ /var/www/html',
    'only others': 'RUN chmod ⟦o+w⟧ /x',
  },
  fixes: {
    'a script': ['RUN chmod ⟦777⟧ /start.sh\n', 'RUN chmod 755 /start.sh\n'],
    'a folder with all in it': ['RUN mkdir /a && chmod -R ⟦0777⟧ /a\n', 'RUN mkdir /a && chmod -R 0755 /a\n'],
    'plain files': ['RUN chmod ⟦666⟧ /a /b\n', 'RUN chmod 644 /a /b\n'],
    'with a bit in front': ['RUN chmod ⟦2777⟧ /a\n', 'RUN chmod 2755 /a\n'],
    'by letters': ['RUN chmod ⟦a+rwx⟧ /a\n', 'RUN chmod u+rwx,go+rx /a\n'],
    'on a copy': ['COPY --chmod=⟦777⟧ a /a\n', 'COPY --chmod=755 a /a\n'],
  },
});
