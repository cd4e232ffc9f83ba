import type { Stage } from '../../../model/stage.ts';
import { replace } from '../../../text/edit.ts';
import { inCaseOf } from '../../insertLine.ts';
import { isBuild, isNodeTool } from './node.ts';
import { leftBehind } from './obstacles.ts';
import { declined, type Ecosystem, type Recognition } from './plan.ts';
import { literalWords, runTimePath, starterOf } from './start.ts';

const image = 'nginxinc/nginx-unprivileged:stable';
const documents = '/usr/share/nginx/html';

/**
 * A site that a Node.js project builds and a small file server serves. Another program serves it then, which the title
 * says; where the server is one of the project's own dependencies, the same program can go on running.
 */
export const staticSite: Ecosystem = {
  name: 'web site',
  ships: 'Node.js, all dependencies and the build tools, though only files are served',
  buildCommand: (stage) => {
    if (stage.rootBase.facts?.repository !== 'node' || serverOf(stage) === undefined) return undefined;
    return stage.runs.flatMap((run) => run.commands).findLast(isBuild);
  },
  plan,
};

interface Server {
  readonly name: string;
  readonly args: readonly string[];
}

/** The file server that starts; undefined for other programs, and for one that package.json lists for the run. */
function serverOf(stage: Stage): Server | undefined {
  const starter = starterOf(stage);
  const words = starter && literalWords(starter);
  const plain =
    words?.[0] === 'npx' ? words.slice(1).filter((word, index) => index > 0 || !/^-y$|^--yes$/.test(word)) : words;
  const name = plain?.[0];
  if (name !== 'serve' && name !== 'http-server') return undefined;
  const manifest = stage.dockerfile.context?.readJson('package.json') as
    | { dependencies?: Record<string, string> }
    | undefined;
  return manifest?.dependencies && Object.hasOwn(manifest.dependencies, name)
    ? undefined
    : { name, args: plain!.slice(1) };
}

function plan(stage: Stage): Recognition {
  const server = serverOf(stage)!;
  const starter = starterOf(stage)!;
  const settings = settingsOf(stage, server);
  if (!settings) return declined(`nginx would have to do what ${server.name} is told by its options`);
  const lastBuildStep = stage.runs.at(-1)!.instruction;
  const folder = runTimePath(stage, settings.folder)?.replace(/(.)\/$/, '$1');
  if (folder === undefined || !/\/(?:dist|build|out|_site|www|public)(?:\/|$)/.test(folder))
    return declined('which folder is served can’t be told');
  if (starter.range.start < lastBuildStep.range.start || (stage.lastInChain('ENTRYPOINT') && stage.lastInChain('CMD')))
    return declined('CMD and ENTRYPOINT would have to change in more than one place');
  const behind = stage.copies.some((copy) => copy.instruction.range.start > lastBuildStep.range.start);
  if (behind) return declined('files are copied behind the build');
  if (stage.dockerfile.context?.has('serve.json')) return declined('serve.json tells how the files are served');
  const reason = leftBehind(stage, {
    isBuildTool: (command) =>
      isNodeTool(command) ||
      (['npm', 'yarn', 'pnpm'].includes(command.name) &&
        command.operands.every((word) =>
          /^(?:install|i|add|global|serve|http-server)(?:@.*)?$/.test(word.value ?? ''),
        )),
    kept: [folder],
    image,
  });
  if (reason) return declined(reason);
  const word = (keyword: string): string => inCaseOf(stage.from, keyword);
  return {
    kind: 'plan',
    plan: {
      image,
      user: undefined,
      lastBuildStep,
      keepsWorkdir: false,
      setup: configuration(settings),
      copies: [{ from: folder, to: documents }],
      isBuildVariable: () => true,
      edits: [
        replace(
          { start: starter.keywordRange.start, end: starter.argsRange.end },
          `${word('CMD')} ["nginx", "-g", "daemon off;"]`,
        ),
      ],
      assumes: [`that nginx may serve it on port ${settings.port}`],
    },
  };
}

interface Settings {
  readonly folder: string;
  readonly port: number;
  /** What nginx tries for a path. */
  readonly tries: string;
}

/** What the options of the server ask for; undefined when they ask for more than a folder and a port. */
function settingsOf(stage: Stage, { name, args }: Server): Settings | undefined {
  const own = stage.envAt('end').get('PORT');
  if (own && own.value === undefined) return undefined;
  let port = Number(own?.value ?? (name === 'serve' ? 3000 : 8080));
  let single = false;
  const folders: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const [option, value] = args[index]!.split(/=(.*)/s);
    if (!option!.startsWith('-')) folders.push(option!);
    else if (['-l', '--listen', '-p', '--port'].includes(option!)) {
      const text = value ?? args[++index] ?? '';
      const found = /^(?:tcp:\/\/(?:0\.0\.0\.0|\[::\]):)?(\d+)$/.exec(text)?.[1];
      if (found === undefined) return undefined;
      port = Number(found);
    } else if (name === 'serve' && ['-s', '--single'].includes(option!)) single = true;
    else if (name === 'http-server' && option === '-a' && ['0.0.0.0', '::'].includes(args[index + 1] ?? '')) index++;
    else if (
      !['-n', '--no-clipboard', '-L', '--no-request-logging', '--silent', '--no-port-switching'].includes(option!)
    )
      return undefined;
  }
  if (folders.length !== 1 || !(port > 0 && port < 65_536)) return undefined;
  // `serve` leaves out `.html` in addresses; http-server finds such files, too.
  const tries = single ? '$uri $uri.html $uri/ /index.html' : '$uri $uri.html $uri/ =404';
  return { folder: folders[0]!, port, tries };
}

function configuration({ port, tries }: Settings): string[] {
  const lines = [
    'server {',
    `  listen ${port};`,
    `  root ${documents};`,
    `  location / { try_files ${tries}; }`,
    '}',
    '',
  ];
  return [`RUN printf '${lines.join('\\n')}' > /etc/nginx/conf.d/default.conf`];
}
