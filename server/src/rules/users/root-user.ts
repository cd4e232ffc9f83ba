import { defineRule, type FixProposal } from '../../lint/rule.ts';
import { exposedPorts, startupOf, stepsDownItself } from '../../model/startup.ts';
import type { Stage } from '../../model/stage.ts';
import type { Range } from '../../text/range.ts';
import { candidates } from './candidates.ts';
import { nonRootPlan } from './nonRootPlan.ts';
import { someOf } from '../someOf.ts';
import { otherImages } from './otherImages.ts';
import { workersOf } from './workers.ts';
import { workOfRoot } from './rootWork.ts';

export const rootUser = defineRule({
  id: 'root-user',
  practice: 'users',
  summary: 'The final image runs as root.',
  why: [
    'Whoever breaks into the program is root in the container, and one mistake in the kernel, the runtime or a mounted folder away from being root on the host. Kubernetes refuses such an image under `runAsNonRoot`.',
    '',
    'Run as a user of its own: many base images bring one (`node`, `nonroot`, `app`), otherwise create it. Give it the files that the program must write with `COPY --chown`; what it only reads may stay root’s.',
    '',
    'The rule follows `USER` through the stages the final one is built from, and knows the default user of common base images. It is silent where the user can’t be known, and where the container starts as root only to step down by itself (`gosu`, `su-exec`, `setpriv`, an init). Of servers that hand requests to workers of another user (nginx, httpd, PHP with Apache or FPM) it tells as info.',
  ].join('\n'),
  severity: 'warning',
  fix: 'suggestion',
  aliases: [
    'hadolint/DL3002',
    'trivy/DS-0002',
    'checkov/CKV_DOCKER_3',
    'checkov/CKV_DOCKER_8',
    'kics/missing_user_instruction',
    'kics/last_user_is_root',
    'sonar/S6471',
    'semgrep/missing-user',
    'semgrep/last-user-is-root',
    'dockle/CIS-DI-0001',
    'tally/stateful-root-runtime',
  ],
  examples: [
    {
      before: 'FROM node:24-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci --omit=dev\nCMD ["node", "server.js"]\n',
      after:
        'FROM node:24-slim\nWORKDIR /app\nRUN chown node:node /app\nCOPY --chown=node:node . .\nRUN npm ci --omit=dev\nUSER node\nCMD ["node", "server.js"]\n',
    },
  ],
  check({ dockerfile, report }) {
    const stage = dockerfile.finalStage;
    if (!stage) return;
    const user = stage.effectiveUserAt('end');
    if (!user.source && isExport(stage)) return;
    if (user.isRoot !== true || stepsDownItself(stage) !== false) return;
    const range = user.source?.words[0]?.range ?? stage.base.word?.range ?? stage.from.keywordRange;
    // A line of its own would be part of a heredoc that never ends.
    const isUnreadable = stage.instructions.some(({ heredocs }) => heredocs.some((each) => !each.terminatorRange));
    const reason = isUnreadable ? 'The Dockerfile can’t be read to its end.' : workOfRoot(stage);
    const offered = isUnreadable ? [] : reason === undefined ? fixes(stage) : otherImages(stage);
    const unknown = offered.length === 0 ? 'Which users the base image has is not known.' : undefined;
    const withheld = reason ?? unknown;
    const workers = workersOf(stage);
    const source = user.source ? '' : `, the default of ${shortName(stage)}`;
    // Windows calls its administrator otherwise.
    const root =
      isWindows(stage) || /^ContainerAdministrator$/i.test(user.source?.words[0]?.value ?? '')
        ? 'ContainerAdministrator'
        : 'root';
    report({
      range: inStage(stage, range) ? range : (stage.base.word?.range ?? stage.from.keywordRange),
      message:
        workers === undefined
          ? `The container runs as ${root}${source}; let USER name another before it starts.`
          : `The server starts as root${source}; its workers run as ${workers}, but what opens ports and logs does not.`,
      ...(workers === undefined ? {} : { severity: 'info' }),
      fixes: offered,
      ...(withheld === undefined ? {} : { withheld }),
    });
  },
});

function isWindows(stage: Stage): boolean {
  return stage.rootBase.facts?.family === 'windows';
}

function inStage(stage: Stage, range: Range): boolean {
  return range.start >= stage.range.start && range.end <= stage.range.end;
}

/** A stage that only carries files out of a build (`docker build --output`) starts nothing. */
function isExport(stage: Stage): boolean {
  return stage.rootBase.isScratch && startupOf(stage).instructions.length === 0;
}

function fixes(stage: Stage): FixProposal[] {
  const low = lowPorts(stage);
  const port = low.length > 0 ? `; port ${low[0]} may be refused` : '';
  const users = candidates(stage).map((candidate, index) => {
    const { edits, folders } = nonRootPlan(stage, candidate);
    const loss =
      folders.length > 0
        ? `can write only ${list(folders)}`
        : `can’t write ${isWindows(stage) ? 'what the administrator owns' : 'root’s files'}`;
    return { title: `Run as ${candidate.user}, ${candidate.origin}; ${loss}${port}`, edits, preferred: index === 0 };
  });
  return [...users, ...otherImages(stage)];
}

/** Ports below 1024 that the container listens on, as far as EXPOSE of this file and of the base image tell. */
function lowPorts(stage: Stage): readonly number[] {
  const ofBase = startupOf(stage).instructions.length === 0 ? (stage.rootBase.facts?.ports ?? []) : [];
  return [...exposedPorts(stage), ...ofBase].filter((port) => port < 1024);
}

/** Folders, as many as a title has room for. */
function list(folders: readonly string[]): string {
  const most = [3, 2, 1].find((count) => someOf(folders, count).length <= 45);
  return most === undefined ? `${folders.length} folders` : someOf(folders, most);
}

/** The base image as written; of a long name without its tag. */
function shortName(stage: Stage): string {
  const name = stage.rootBase.name.replace(/@.*/, '');
  return name.length > 70 ? name.replace(/:[^:/]*$/, '') : name;
}
