import { defineRule } from '../../lint/rule.ts';
import type { PackageUse } from '../../model/packages.ts';
import type { Run } from '../../model/run.ts';
import type { Stage } from '../../model/stage.ts';
import { refreshBefore } from './refreshLists.ts';
import { updateAlone } from './update-without-install.ts';

const lists = /\/var\/lib\/apt(?![\w.-])/;

export const installWithoutUpdate = defineRule({
  id: 'install-without-update',
  practice: 'layers',
  summary: '`apt-get install` uses the package lists of an earlier `RUN`, or finds none.',
  why: [
    'The layer with the lists comes from the build cache and grows old: the install then brings outdated packages, or asks',
    'for versions that the server no longer has. Where an earlier `RUN` has removed the lists, or the base image has none,',
    'apt-get finds no package at all. Each `RUN` that installs should refresh the lists first and remove them at its end.',
  ].join('\n'),
  severity: 'warning',
  fix: 'suggestion',
  aliases: [],
  examples: [
    {
      before:
        'FROM debian:13\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\nCOPY a /a\nRUN apt-get install -y git\n',
      after:
        'FROM debian:13\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\nCOPY a /a\nRUN apt-get update && apt-get install -y git\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const { run, source } of dockerfile.stages.flatMap(listsOf)) {
      const install = source.state === 'old' || source.state === 'none' ? installOf(run) : undefined;
      if (!install) continue;
      const edit = refreshBefore(install.command);
      report({
        range: install.command.subcommandRange,
        message:
          source.state === 'old'
            ? 'apt-get install uses the lists of an earlier, cached layer; run apt-get update in the same RUN.'
            : 'apt-get install finds no package lists here and the build stops; run apt-get update in the same RUN.',
        ...(source.state === 'none' ? { severity: 'error' as const } : {}),
        related: source.run
          ? [
              {
                range: source.run.instruction.keywordRange,
                message: `This RUN ${source.state === 'old' ? 'brought' : 'removed'} the lists.`,
              },
            ]
          : [],
        fixes: edit
          ? [{ title: 'Refresh the package lists first (brings the versions of the day)', edits: [edit] }]
          : [],
      });
    }
  },
});

/** The first install by apt in a RUN that does not refresh the lists, as far as its own words tell. */
function installOf(run: Run): PackageUse | undefined {
  if (!run.script?.complete || run.hasMountMatching(/^\/var\/lib\/apt|^\/var\/lib\/?$|^\/var\/?$/) || mayRefresh(run))
    return undefined;
  const first = run.installs.find((use) => use.manager === 'apt');
  // Packages of files need no lists, and what only the shell knows may be a file.
  const isNamed = first?.packages.some((each) => /^[a-z0-9][a-z0-9.+:-]*$/.test(each.name));
  return first && isNamed && !first.command.hasOption('--no-download') ? first : undefined;
}

interface Lists {
  /** `reported`: they come from a RUN that only refreshes them, which is a finding of its own. */
  readonly state: 'old' | 'none' | 'unknown' | 'reported';
  /** The RUN that brought or removed them. */
  readonly run?: Run;
}

/** The lists that each RUN of a stage finds. */
function listsOf(stage: Stage): { readonly run: Run; readonly source: Lists }[] {
  let source = listsAtStart(stage);
  return stage.runs.map((run) => {
    const found = { run, source };
    source = listsAfter(run, source);
    return found;
  });
}

/** Asked for each stage that is built on it. */
const listsLeft = new WeakMap<Stage, Lists>();

function listsAtEnd(stage: Stage): Lists {
  let left = listsLeft.get(stage);
  if (!left) {
    left = stage.runs.reduce((source, run) => listsAfter(run, source), listsAtStart(stage));
    listsLeft.set(stage, left);
  }
  return left;
}

function listsAtStart(stage: Stage): Lists {
  if (!stage.parent) {
    const hasNone = stage.base.facts?.packageManager === 'apt' && stage.copies.every((copy) => copy.from === undefined);
    return { state: hasNone ? 'none' : 'unknown' };
  }
  const left = listsAtEnd(stage.parent);
  return left.state === 'reported' ? { ...left, state: 'old' } : left;
}

function listsAfter(run: Run, before: Lists): Lists {
  if (run.hasMountMatching(lists)) return { state: 'unknown' };
  if (run.removes(lists)) return { state: 'none', run };
  if (updateAlone(run)) return { state: 'reported', run };
  if (refreshes(run)) return { state: 'old', run };
  return mayRefresh(run) || !run.script?.complete ? { state: 'unknown' } : before;
}

function refreshes(run: Run): boolean {
  return run.packageUses.some((use) => use.manager === 'apt' && use.action === 'update-lists');
}

/** Whether it refreshes the lists, or runs something that may: a script, a tool that adds a repository. */
function mayRefresh(run: Run): boolean {
  if (refreshes(run) || /\bapt(?:-get|itude)?\b[^;&|]*\bupdate\b/.test(run.scriptText)) return true;
  return run.commands.some((command) => {
    if (
      /^(?:ba|da|a)?sh$|^eval$|^\.$|^source$|^xargs$|^(?:add-apt-repository|apt-add-repository|extrepo|apt-fast|nala|make|ansible-playbook)$/.test(
        command.name,
      )
    )
      return true;
    return (
      command.name === '' ||
      /\.sh$|^[.~]?\.?\//.test(command.shell.nameWord?.text ?? '') ||
      command.args.some((word) => /with-deps|install-deps/.test(word.text))
    );
  });
}
