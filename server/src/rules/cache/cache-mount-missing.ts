import { defineRule, type Report } from '../../lint/rule.ts';
import type { Command } from '../../model/command.ts';
import { type Account, accountOf, type DownloadCache, downloadCaches, mountFlag } from '../../model/downloadCache.ts';
import { dependencyInstall } from '../../model/installs/index.ts';
import { type Manager, packageUse } from '../../model/packages.ts';
import type { Run } from '../../model/run.ts';
import { isEditable, removeFromScript } from '../../model/scriptEdits.ts';
import type { ShellNode } from '../../syntax/shell.ts';
import { type Edit, insertAfter, insertAt, remove } from '../../text/edit.ts';
import { usesBuildKit } from './usesBuildKit.ts';

export const cacheMountMissing = defineRule({
  id: 'cache-mount-missing',
  practice: 'cache',
  summary: 'An install downloads everything again whenever its layer is built anew.',
  why: [
    'When one line of a lock file changes, the layer of the install is made from scratch, and each package is downloaded once more. A cache mount keeps the downloads between builds: `RUN --mount=type=cache,target=/root/.npm npm ci` fetches only what is new, and nothing of it gets into the image.',
    '',
    'The fix names the folder of each package manager for the user that the step runs as, and takes out options that switch the cache off. Tools that work out of their cache (Go, Cargo, Maven, Gradle, NuGet) get the mount in every `RUN` of the stage that uses them.',
    '',
    'Cache mounts need BuildKit. The rule speaks up only in files that use it already: with a `# syntax=` line, a `--mount`, `--link` or a heredoc.',
  ].join('\n'),
  severity: 'hint',
  fix: 'suggestion',
  aliases: ['tally/prefer-package-cache-mounts'],
  examples: [
    {
      before: '# syntax=docker/dockerfile:1\nFROM node:24-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\n',
      after:
        '# syntax=docker/dockerfile:1\nFROM node:24-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci\n',
    },
  ],
  check({ dockerfile, report }) {
    if (!usesBuildKit(dockerfile)) return;
    for (const stage of dockerfile.stages) {
      const told = new Set<string>();
      for (const run of stage.runs) {
        if (run.mounts.some((mount) => mount.type === 'cache')) continue;
        const install = run.commands.find((command) => managerOf(command) !== undefined);
        const manager = install && managerOf(install);
        if (!install || manager === undefined) continue;
        // Only root installs with apt, whoever calls it.
        const account = manager === 'apt' ? { home: '/root', uid: undefined, gid: undefined } : accountOf(run);
        const caches = account ? downloadCaches(manager, run, account) : [];
        if (account && caches.length === 0) continue;
        const isStore = caches.some((cache) => cache.isStore);
        if (isStore && told.has(manager)) continue;
        told.add(manager);
        const answer = account
          ? repair(run, install, manager, caches, account)
          : { withheld: 'The home folder of the user is not known.' };
        if (!answer) continue;
        report({
          range: install.shell.nameWord?.range ?? install.range,
          message: `${install.name} downloads everything again whenever this layer is rebuilt; keep its downloads with a cache mount.`,
          ...answer,
        });
      }
    }
  },
});

/** The manager whose downloads are worth keeping. */
function managerOf(command: Command): Manager | undefined {
  const install = dependencyInstall(command);
  const use = packageUse(command);
  if (use?.manager === 'apt') return use.action === 'install' ? 'apt' : undefined;
  if (install) return toolManagers[install.command.name] ?? use?.manager;
  return use?.action === 'install' && (use.manager === 'pip' || use.manager === 'npm') ? use.manager : undefined;
}

const toolManagers: Readonly<Record<string, Manager>> = {
  go: 'go',
  cargo: 'cargo',
  mvn: 'maven',
  mvnw: 'maven',
  gradle: 'gradle',
  gradlew: 'gradle',
  dotnet: 'dotnet',
};

/** The fix, or why there is none; undefined where a mount would do harm or somebody decided against keeping downloads. */
function repair(
  run: Run,
  install: Command,
  manager: Manager,
  caches: readonly DownloadCache[],
  account: Account,
): Pick<Report, 'fixes' | 'withheld'> | undefined {
  const { stage } = run;
  // The stage that goes on from this one would miss the files in the cache.
  if (caches.some((cache) => cache.isStore) && stage.usedBy.some((other) => other.parent === stage)) return undefined;
  if (run.form === 'foreign' || run.instruction.words.some((word) => word.split))
    return { withheld: 'The RUN can’t be edited.' };
  const runs = caches.some((cache) => cache.isStore)
    ? stage.runs.filter((each) => each === run || usesTool(each, install, manager))
    : [run];
  // Another RUN has a mount of its own for it.
  if (runs.some((each) => each.mounts.some((mount) => mount.type === 'cache'))) return undefined;
  const flags = caches.map((cache) => mountFlag(cache, account)).join(' ');
  const edits: Edit[] = runs.map((each) =>
    insertAfter(each.instruction.flags.at(-1)?.range ?? each.instruction.keywordRange, ` ${flags}`),
  );
  const switches = cleanUps(run, manager);
  if (switches === undefined) return undefined;
  edits.push(...switches);
  const keeps = manager === 'apt' ? keepArchives(run) : [];
  if (keeps === undefined)
    return {
      withheld: 'Debian’s images tell apt to remove its downloads, and there is no certain place to stop that.',
    };
  edits.push(...keeps);
  const where = caches.map((cache) => cache.target).join(' and ');
  const more = runs.length > 1 ? ` in ${runs.length} RUNs` : '';
  const extra = switches.length > 0 ? ', and no longer clear it' : '';
  return { fixes: [{ title: `Mount a cache at ${where}${more}${extra} (needs BuildKit)`, edits, preferred: true }] };
}

/** Any command of a tool that works out of its store. */
function usesTool(run: Run, install: Command, manager: Manager): boolean {
  const names = Object.keys(toolManagers).filter((name) => toolManagers[name] === manager);
  return run.commands.some((command) => command.name === install.name || names.includes(command.name));
}

/** Edits that take out what would empty the cache or not fill it; undefined when one can't be taken out. */
function cleanUps(run: Run, manager: Manager): Edit[] | undefined {
  const edits: Edit[] = [];
  const text = run.stage.dockerfile.text;
  for (const command of run.commands) {
    const option = command.args.find((word) => /^--no-cache(?:-dir)?$/.test(word.text));
    if (option && ['pip', 'uv', 'poetry'].includes(manager)) {
      if (!isEditable(run)) return undefined;
      const blanks = /[ \t]+$/.exec(text.slice(0, option.range.start))?.[0].length ?? 0;
      if (blanks === 0) return undefined;
      const rest = text.slice(option.range.end, option.range.end + 1);
      // A word alone on its line leaves its continuation mark with the line above.
      if (!/[ \t\r\n]|^$/.test(rest) || text[option.range.start - blanks - 1] === '\n') return undefined;
      edits.push(remove({ start: option.range.start - blanks, end: option.range.end }));
    }
  }
  const removals = run.commands.filter((command) => isCacheRemoval(command, manager));
  const ending = endingEdit(run, removals);
  if (ending) return [...edits, ending];
  for (const command of removals) {
    const edit = removeFromScript(command);
    if (!edit || edits.some((other) => other.range.end >= edit.range.start && edit.range.end >= other.range.start))
      return undefined;
    edits.push(edit);
  }
  return edits;
}

/** Takes several commands out at once when they are the end of the RUN's `&&` list. */
function endingEdit(run: Run, removals: readonly Command[]): Edit | undefined {
  const node = run.script?.statements.length === 1 ? run.script.statements[0]!.node : undefined;
  if (removals.length < 2 || !isEditable(run) || node?.kind !== 'and-or' || node.operators.includes('||'))
    return undefined;
  const tail = node.items.slice(-removals.length);
  const before = node.items.at(-removals.length - 1);
  const isTail = tail.every((item, index) => item.kind === 'command' && item.command === removals[index]!.shell);
  if (!before || !isTail) return undefined;
  const range = { start: before.range.end, end: tail.at(-1)!.range.end };
  return run.instruction.comments.some(
    (comment) => comment.range.start >= range.start && comment.range.end <= range.end,
  )
    ? undefined
    : remove(range);
}

function isCacheRemoval(command: Command, manager: Manager): boolean {
  const words = command.args.map((word) => word.text).filter((text) => !text.startsWith('-'));
  if (command.name === 'rm') {
    const own: Partial<Record<Manager, RegExp>> = {
      apt: /^\/var\/(?:lib\/apt|cache\/apt)/,
      npm: /\.npm\b|_cacache/,
      pip: /\.cache/,
      uv: /\.cache/,
      poetry: /\.cache/,
    };
    return words.length > 0 && words.every((text) => own[manager]?.test(text));
  }
  if (manager === 'apt')
    return ['apt-get', 'apt'].includes(command.name) && ['clean', 'autoclean'].includes(command.subcommand ?? '');
  return (
    command.name === manager &&
    command.subcommand === 'cache' &&
    /^(?:clean|purge|prune)$/.test(command.operands[1]?.value ?? '')
  );
}

/** Debian's images remove each downloaded package at once, by a setting that has to go first. */
function keepArchives(run: Run): Edit[] | undefined {
  if (run.scriptText.includes('docker-clean')) return [];
  if (!isEditable(run) || run.form !== 'shell') return undefined;
  const nodes = run.script!.statements.map((statement) => statement.node);
  const isSetting = (node: ShellNode | undefined): boolean => node?.kind === 'command' && node.command.name === 'set';
  const first = isSetting(nodes[0]) ? nodes[1] : nodes[0];
  const command = first?.kind === 'and-or' ? first.items[0] : first;
  if (!command || command.kind === 'compound' || (first?.kind === 'and-or' && first.operators.includes('||')))
    return undefined;
  return [insertAt(command.range.start, 'rm -f /etc/apt/apt.conf.d/docker-clean && ')];
}
