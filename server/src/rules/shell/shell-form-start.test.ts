import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { shellFormStart } from './shell-form-start.ts';

describeRule(shellFormStart, {
  accepts: {
    'JSON form': 'CMD ["node", "x"]\nENTRYPOINT ["a"]',
    'SHELL is set': 'SHELL ["/bin/bash", "-c"]\nCMD node x',
    'SHELL of the parent stage': 'FROM debian:13 AS a\nSHELL ["/bin/bash", "-c"]\nFROM a\nCMD node x',
    'one that has no effect': 'CMD node x\nCMD ["a"]',
    'the shell gives way': 'CMD exec node $APP',
    'the shell gives way at last': 'CMD migrate && exec serve',
    'malformed JSON': "CMD ['a']",
  },
  reports: {
    'an operator': 'CMD ⟦migrate && serve⟧',
    'a command of the shell': 'CMD ⟦cd /app⟧',
    'an assignment': 'CMD ⟦PORT=1 node x⟧',
    'an ENTRYPOINT that would get arguments': 'ENTRYPOINT ⟦serve --all⟧\nCMD ["x"]',
  },
  fixes: {
    'a command': ['CMD ⟦node  server.js --port 80⟧', 'CMD ["node", "server.js", "--port", "80"]'],
    'exec is dropped': ['ENTRYPOINT ⟦exec java -jar /app.jar⟧', 'ENTRYPOINT ["java", "-jar", "/app.jar"]'],
    'a script': ['CMD ⟦./run.sh⟧', { text: 'CMD ["./run.sh"]', title: 'needs a first line with #!' }],
    quotes: ['CMD ⟦nginx -g "daemon off;"⟧', 'CMD ["nginx", "-g", "daemon off;"]'],
    'a variable': [
      'CMD ⟦java $JAVA_OPTS -jar app.jar⟧',
      { text: 'CMD exec java $JAVA_OPTS -jar app.jar', title: 'Start java with exec' },
    ],
    'the last one only': ['CMD a\nRUN b\nCMD ⟦c⟧', 'CMD a\nRUN b\nCMD ["c"]'],
  },
});
