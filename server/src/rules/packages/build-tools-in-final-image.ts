import { defineRule } from '../../lint/rule.ts';
import { isWorkbench, remainingPackages } from '../../model/shippedTools.ts';
import { buildRole, keepOut } from './buildToolPlan.ts';

export const buildToolsInFinalImage = defineRule({
  id: 'build-tools-in-final-image',
  practice: 'packages',
  summary: 'Compilers, build tools or header files are installed in the image that ships.',
  why:
    'A compiler and what belongs to it weigh 100 to 500 MB, bring hundreds of files that scanners find vulnerabilities ' +
    'in, and give an intruder tools. What runs needs none of it. Build in a stage of its own and copy the result over; ' +
    'where one stage has to do, install, build and remove in one `RUN` (on Alpine with `apk add --virtual .build-deps …` ' +
    'and `apk del .build-deps`): a removal in a later `RUN` no longer makes the image smaller.',
  severity: 'info',
  fix: 'suggestion',
  aliases: [],
  examples: [
    {
      before:
        'FROM debian:13\nRUN apt-get update && apt-get install -y gcc libc6-dev && gcc -o /app app.c\nCMD ["/app"]\n',
      after:
        'FROM debian:13\nRUN apt-get update && apt-get install -y gcc libc6-dev && gcc -o /app app.c && apt-get purge -y --auto-remove gcc libc6-dev\nCMD ["/app"]\n',
    },
  ],
  check({ dockerfile, report }) {
    const { finalStage } = dockerfile;
    if (!finalStage || isWorkbench(finalStage)) return;
    for (const { use, named } of dockerfile.shippedStages.flatMap(remainingPackages)) {
      const role = buildRole(use, named);
      if (!role) continue;
      const advice =
        role.kind === 'headers'
          ? 'compile in a build stage and install only the library here'
          : 'install it in a build stage, or remove it in the RUN that uses it';
      report({
        range: named.range,
        message: `${named.name} ${role.reason}; ${advice}.`,
        severity: role.kind === 'headers' ? 'hint' : 'info',
        ...keepOut(use, named, role),
      });
    }
  },
});
