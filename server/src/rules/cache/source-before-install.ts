import { defineRule, type FixProposal, type Report } from '../../lint/rule.ts';
import { doubtsOf, titleWith } from '../fixTitle.ts';
import { someOf } from '../someOf.ts';
import type { InstallNeeds } from '../../model/installs/index.ts';
import { reorder } from './reorder.ts';
import { type LateInstall, lateInstalls } from './sourceCopies.ts';
import { usesBuildKit } from './usesBuildKit.ts';

export const sourceBeforeInstall = defineRule({
  id: 'source-before-install',
  practice: 'cache',
  summary:
    'The source is copied before the dependencies are installed, so each change of a file installs them all again.',
  why: [
    'A build reuses a layer as long as nothing in front of it changed. Behind `COPY . .` everything is new with each edit: the install of the dependencies, often the slowest step, runs on every build.',
    '',
    'Copy the manifests (`package.json` and its lock file, `requirements.txt`, `go.mod`, …), install, and copy the rest behind it. Then the install runs again only when the manifests change.',
    '',
    'With a known build context the fix lists the manifests that are there and not ignored, and looks into them: workspaces, local packages, install scripts, included files. Where the install needs the source it is not moved, and the reason is told; where the tool can fetch dependencies alone (`go mod download`, `poetry install --no-root`), that step is put in front. The fix is safe when the folders that the install writes (`node_modules`, `vendor`) are in `.dockerignore`; otherwise the later `COPY` could replace them by local ones.',
    '',
    'In a file that already uses BuildKit, a second fix shows the manifests to the install as read-only mounts (`RUN --mount=type=bind,source=package.json,target=package.json npm ci`), for installs that leave the lock file as it is. The `COPY` of the manifests is then not needed at all.',
  ].join('\n'),
  severity: 'warning',
  fix: 'safe',
  changes: ['copies', 'layers', 'commands'],
  aliases: ['dockerfile-doctor/DD006'],
  examples: [
    {
      context: {
        'package.json': '{}',
        'package-lock.json': '{}',
        'server.js': '',
        '.dockerignore': 'node_modules\n.git\n',
      },
      before: 'FROM node:24-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "server.js"]\n',
      after:
        'FROM node:24-slim\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nCMD ["node", "server.js"]\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const late of dockerfile.stages.flatMap(lateInstalls)) {
      const { install, answer, source } = late;
      const fetches =
        install.isBuild && install.family !== 'cargo'
          ? `downloads all dependencies in ${install.label} again`
          : `runs ${install.label} again from the start`;
      report({
        range: source.range,
        message: `Each change of the source ${fetches}; copy the manifests first and the source behind the install.`,
        related: [{ range: install.command.range, message: 'This installs the dependencies.' }],
        ...(install.isBuild ? { severity: 'info' } : {}),
        ...(answer.kind === 'needs'
          ? repair(late, answer)
          : { withheld: `No fix is offered: ${answer.kind === 'declined' ? answer.reason : ''}.` }),
      });
    }
  },
});

function repair(late: LateInstall, needed: InstallNeeds): Pick<Report, 'fixes' | 'withheld'> {
  const plan = reorder(late, needed, 'copies');
  if (plan.kind === 'refused') return { withheld: `No fix is offered: ${plan.reason}.` };
  const { install, project } = late;
  const doubts = [
    ...needed.caveats,
    ...plan.caveats,
    ...environmentCaveat(late),
    ...(project ? [] : ['assumes it needs nothing else']),
  ];
  const isSafe = doubts.length === 0 && needed.prefetch === undefined;
  const rest = plan.files.length > 0 ? 'the rest' : 'the source';
  const first = plan.files.length > 0 ? `Copy ${listed(plan.files)} first, ` : '';
  const how =
    needed.prefetch === undefined
      ? `${first ? 'run' : 'Run'} ${install.label}, then copy ${rest}`
      : `${first ? 'run' : 'Run'} ${shortCall(needed.prefetch)}, then copy ${rest}`;
  const head = `${first}${how}${plan.split ? ', in two RUNs' : ''}`;
  const withheld = doubtsOf(head, doubts);
  const fixes: FixProposal[] = [
    { title: titleWith(head, doubts), edits: plan.edits, safety: isSafe ? 'safe' : 'suggestion' },
  ];
  const folders = new Set(plan.files.map((file) => file.slice(0, file.lastIndexOf('/') + 1)));
  if (project?.path === '' && folders.size > 2 && canKeepParents(late)) {
    const short = reorder(late, needed, 'parents');
    if (short.kind === 'edits')
      fixes.push({
        title: titleWith(`Copy the manifests with one COPY --parents, ${how.replace(/^Run/, 'run')}`, doubts),
        edits: short.edits,
        safety: 'suggestion',
      });
  }
  const mounted = usesBuildKit(late.run.stage.dockerfile) ? reorder(late, needed, 'mounts') : undefined;
  if (mounted?.kind === 'edits') {
    const how = `Mount ${listed(mounted.files)} for ${install.label} instead of copying`;
    fixes.push({
      title: titleWith(`${how}, then copy the source${mounted.split ? ', in two RUNs' : ''}`, doubts),
      edits: mounted.edits,
      safety: 'suggestion',
    });
  }
  return withheld === undefined ? { fixes } : { fixes, withheld };
}

/** Tools are told of files by their environment, too. */
function environmentCaveat({ run, imageFolder }: LateInstall): string[] {
  const names = /CONFIG|CERT|_CA$|CA_|CONSTRAINT|REQUIRE|OPTIONS|NPMRC|GEMFILE|SETTINGS|RC$/i;
  const folder = `${imageFolder === '/' ? '' : imageFolder}/`;
  const found = run.stage
    .envAt(run.instruction)
    .variables.find(({ name, value }) => names.test(name) && value?.includes(folder) && imageFolder !== '/');
  return found ? [`${found.name} names a file of the project`] : [];
}

/** Files, as many as a title has room for. */
function listed(files: readonly string[]): string {
  const most = [4, 3, 2].find((count) => someOf(files, count).length <= 40) ?? 1;
  return someOf(files, most);
}

/** A call without the options in it: `mvn dependency:go-offline`. */
function shortCall(call: string): string {
  const plain = call.replace(/^mkdir .*(cargo fetch).*$/, '$1');
  if (plain.length <= 30) return plain;
  const [program = '', ...words] = plain.split(' ');
  return `${program} ${words.find((word) => word.includes(':')) ?? words.find((word) => /^[a-z]/.test(word)) ?? ''}`.trimEnd();
}

/** COPY --parents came with labs 1.7 and is stable since 1.20. */
function canKeepParents({ run, source }: LateInstall): boolean {
  const { frontend } = run.stage.dockerfile;
  const isLabs = /labs/.test(frontend.image ?? '') && frontend.has(1, 7) === true;
  return (
    source.folder === '' &&
    !source.copy.instruction.json &&
    (isLabs || (frontend.image !== undefined && frontend.has(1, 20) === true))
  );
}
