import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { chownAfterCopy } from './chown-after-copy.ts';

describeRule(chownAfterCopy, {
  accepts: {
    'COPY does it': 'COPY --chmod=755 a.sh /a.sh',
    'of something else': 'COPY a.sh /a.sh\nRUN chmod 755 /b.sh && chown -R app:app /data',
    'a single file, where nothing can be offered':
      'COPY a.sh /a.sh\nRUN chmod g-w /a.sh\nRUN chown $APP_USER /a.sh\nRUN chmod 755 /a.sh || true',
    'a folder alone': 'COPY . /app\nRUN chown app:app /app',
    'of a folder, not of what is in it': 'COPY . /app/src\nRUN chown app:app /app',
    'in a stage that is not shipped': 'FROM debian:13 AS build\nCOPY a.sh /a.sh\nRUN chmod 755 /a.sh\nFROM debian:13',
    'a path that only the build knows': 'COPY a.sh $DIR/a.sh\nRUN chmod 755 $DIR/a.sh',
  },
  reports: {
    'a folder that a RUN has filled since': 'COPY . /app\nRUN npm ci\nRUN ⟦chown⟧ -R node:node /app',
    'more than the COPY brought': 'COPY . /app/src\nRUN ⟦chown⟧ -R app:app /app',
    'two that go to one place': 'COPY a /app\nCOPY b /app\nRUN ⟦chown⟧ -R app:app /app',
    'its failure is forgiven': 'COPY . /app\nRUN ⟦chown⟧ -R app:app /app || true',
    'another user in between': 'COPY . /app\nUSER 0\nRUN ⟦chown⟧ -R app:app /app',
    'COPY has one already': 'COPY --chown=a:b src /app\nRUN ⟦chown⟧ -R c:d /app',
    'an owner that is not literal': 'COPY . /app\nRUN ⟦chown⟧ -R $APP_USER /app',
    'with an option that COPY does not have': 'COPY . /app\nRUN ⟦chown⟧ -R -h app:app /app',
  },
  fixes: {
    'a mode': [
      'COPY a.sh /a.sh\n# it runs\nRUN ⟦chmod⟧ 0755 /a.sh\nCMD ["/a.sh"]',
      'COPY --chmod=0755 a.sh /a.sh\n# it runs\nCMD ["/a.sh"]',
    ],
    'in a folder': [
      'COPY run/a.sh /usr/bin/\nRUN ⟦chmod⟧ 755 /usr/bin/a.sh\n',
      'COPY --chmod=755 run/a.sh /usr/bin/\n',
    ],
    'an owner': [
      'COPY --from=x a.conf /etc/a.conf\nRUN ⟦chown⟧ app:app /etc/a.conf\n',
      'COPY --chown=app:app --from=x a.conf /etc/a.conf\n',
    ],
    'an owner without group': [
      'COPY a.conf /etc/a.conf\nRUN ⟦chown⟧ app /etc/a.conf\n',
      'COPY --chown=app:0 a.conf /etc/a.conf\n',
    ],
    both: [
      'COPY a.sh /a.sh\nRUN ⟦chown⟧ app:app /a.sh \\\n  && chmod 700 /a.sh\n',
      'COPY --chown=app:app --chmod=700 a.sh /a.sh\n',
    ],
    'two files': [
      'COPY a.sh /a.sh\nCOPY b.sh /b.sh\nRUN ⟦chmod⟧ 755 /a.sh /b.sh\n',
      'COPY --chmod=755 a.sh /a.sh\nCOPY --chmod=755 b.sh /b.sh\n',
    ],
    'one command of a RUN': [
      'COPY a.sh /a.sh\nRUN mkdir /a && ⟦chmod⟧ 755 /a.sh\n',
      'COPY --chmod=755 a.sh /a.sh\nRUN mkdir /a\n',
    ],
    'a file, as the build context tells': [
      { text: 'COPY start /start\nRUN ⟦chmod⟧ 755 /start\n', context: { start: '' } },
      { text: 'COPY --chmod=755 start /start\n', safety: 'safe' },
    ],
    'relative to the working directory': [
      'WORKDIR /app\nCOPY a.sh .\nRUN ⟦chmod⟧ 755 a.sh\n',
      'WORKDIR /app\nCOPY --chmod=755 a.sh .\n',
    ],
    executable: [
      'COPY a.sh /a.sh\nRUN ⟦chmod⟧ +x /a.sh\n',
      { text: 'COPY --chmod=755 a.sh /a.sh\n', safety: 'suggestion' },
    ],
    'a file in a folder that may be new': [
      'COPY a.conf /etc/app/\nRUN ⟦chown⟧ app:app /etc/app/a.conf\n',
      { text: 'COPY --chown=app:app a.conf /etc/app/\n', safety: 'suggestion' },
    ],
    'a folder': [
      'COPY . /app\nENV A=1\nRUN ⟦chown⟧ -R app:app /app/\n',
      { text: 'COPY --chown=app:app . /app\nENV A=1\n', safety: 'suggestion' },
    ],
  },
});
