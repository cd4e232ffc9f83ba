import { defineRule, type FixProposal } from '../../lint/rule.ts';
import { exposedPorts, startupOf, stepsDownItself } from '../../model/startup.ts';
import type { Stage } from '../../model/stage.ts';
import type { Range } from '../../text/range.ts';
import { candidates, nonRootEdits } from './nonRootPlan.ts';

export const rootUser = defineRule({
  id: 'root-user',
  practice: 'users',
  summary: 'The final image runs as root.',
  why: [
    'Whoever breaks into the program is root in the container, and one mistake in the kernel, the runtime or a mounted folder away from being root on the host. Kubernetes refuses such an image under `runAsNonRoot`.',
    '',
    'Run as a user of its own: many base images bring one (`node`, `nonroot`, `app`), otherwise create it. Give it the files that the program must write with `COPY --chown`; what it only reads may stay root’s.',
    '',
    'The rule follows `USER` through the stages the final one is built from, and knows the default user of common base images. It is silent where the user can’t be known, and where the container starts as root only to step down by itself (`gosu`, `su-exec`, `setpriv`, an init).',
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
    const daemon = needsRoot(stage);
    report({
      range: inStage(stage, range) ? range : (stage.base.word?.range ?? stage.from.keywordRange),
      message: `The container runs as root${user.source ? '' : `, the default of ${stage.rootBase.name}`}; switch to another user with USER before it starts.`,
      fixes: daemon ? [] : fixes(stage),
      ...(daemon ? { withheld: daemon } : {}),
    });
  },
});

function inStage(stage: Stage, range: Range): boolean {
  return range.start >= stage.range.start && range.end <= stage.range.end;
}

/** A stage that only carries files out of a build (`docker build --output`) starts nothing. */
function isExport(stage: Stage): boolean {
  return stage.rootBase.isScratch && startupOf(stage).instructions.length === 0;
}

/** Why a plain USER would break this image; undefined when it would not. */
function needsRoot(stage: Stage): string | undefined {
  const { facts } = stage.rootBase;
  const ownStart = startupOf(stage);
  const startsWebServer = /\b(?:nginx|httpd|apache2(?:ctl|-foreground)?)\b/.test(ownStart.text);
  const startsBaseProgram = ownStart.instructions.length === 0 || startsWebServer;
  const caveat = facts?.readyUsers[0]?.caveat;
  if (caveat !== undefined && startsBaseProgram) return `A plain USER would break it: ${caveat}.`;
  if (startsWebServer)
    return 'A plain USER would break it: this web server opens files and ports as root before it steps down.';
  if (
    ['tomcat', 'jetty', 'wordpress', 'nextcloud', 'drupal', 'joomla', 'docker'].includes(facts?.repository ?? '') &&
    startsBaseProgram
  ) {
    return `A plain USER would break it: ${facts!.repository} writes into folders of its own that belong to root.`;
  }
  return undefined;
}

function fixes(stage: Stage): FixProposal[] {
  const low = exposedPorts(stage).filter((port) => port < 1024);
  const port = low.length > 0 ? `; port ${low[0]} then needs a runtime that lets every user bind it` : '';
  return candidates(stage).map((candidate, index) => ({
    title: `Run as ${candidate.user}, ${candidate.origin} (it can no longer write files that belong to root${port})`,
    edits: nonRootEdits(stage, candidate),
    preferred: index === 0,
  }));
}
