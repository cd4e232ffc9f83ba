import { defineRule } from '../../lint/rule.ts';
import { isWorkbench, remainingPackages } from '../../model/shippedTools.ts';
import type { Stage } from '../../model/stage.ts';
import { someOf } from '../someOf.ts';
import { type BuildTools, buildRole, keepOut } from './buildToolPlan.ts';

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
    for (const tools of buildTools(dockerfile.shippedStages)) {
      const [first, ...others] = tools.packages;
      report({
        range: first!.named.range,
        message: messageFor(tools),
        severity: tools.packages.every(({ role }) => role.kind === 'headers') ? 'hint' : 'info',
        related: others.map(({ named, role }) => ({ range: named.range, message: `${named.name} ${role.reason}.` })),
        ...keepOut(tools),
      });
    }
  },
});

/** What one package manager installs in one RUN is one finding: it is taken out together. */
function buildTools(stages: readonly Stage[]): readonly BuildTools[] {
  const found = new Map<string, BuildTools>();
  for (const { use, named } of stages.flatMap(remainingPackages)) {
    const role = buildRole(use, named);
    if (!role) continue;
    const { run } = use.command;
    const key = `${run.instruction.range.start} ${use.manager}`;
    const packages = [...(found.get(key)?.packages ?? []), { use, named, role }];
    found.set(key, { run, packages });
  }
  return [...found.values()];
}

function messageFor({ packages }: BuildTools): string {
  const names = someOf(
    packages.map(({ named }) => named.name),
    3,
  );
  const [only, ...others] = packages;
  const areHeaders = packages.every(({ role }) => role.kind === 'headers');
  if (others.length === 0) {
    return areHeaders
      ? `${names} ${only!.role.reason}; compile in a build stage and install only the library here.`
      : `${names} ${only!.role.reason}; install it in a build stage, or remove it in the RUN that uses it.`;
  }
  return areHeaders
    ? `${names} hold headers for compiling; build in another stage and install only the libraries here.`
    : `${names} only serve building; install them in a build stage, or remove them in the same RUN.`;
}
