import { defineRule, type FixProposal } from '../../lint/rule.ts';
import type { Command } from '../../model/command.ts';
import { insertWord } from '../../model/scriptEdits.ts';
import type { Stage } from '../../model/stage.ts';
import { insertAt } from '../../text/edit.ts';

export const pipCacheKept = defineRule({
  id: 'pip-cache-kept',
  practice: 'packages',
  summary: '`pip install` keeps every downloaded and built wheel in a cache inside the image.',
  why:
    'pip stores what it downloads and builds under `~/.cache/pip` to speed up a second installation. In an image there ' +
    'is none, so the cache only adds weight, often as much as the packages themselves. `--no-cache-dir` switches it ' +
    'off; where builds should be fast, `RUN --mount=type=cache,target=/root/.cache/pip` keeps the cache out of the image.',
  severity: 'info',
  fix: 'safe',
  changes: ['command-words'],
  aliases: ['hadolint/DL3042', 'kics/pip_install_keeping_cached_packages'],
  examples: [
    {
      before: 'FROM python:3.13-slim\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n',
      after: 'FROM python:3.13-slim\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const stage of dockerfile.shippedStages) {
      const keeping = stage.allRuns
        .flatMap((run) => run.installs.filter((use) => use.manager === 'pip').map((use) => use.command))
        .filter(keepsCache);
      const isSpread = new Set(keeping.map((command) => command.run)).size > 1;
      for (const command of keeping) {
        const edit = insertWord(command, command.subcommandRange, '--no-cache-dir');
        const fixes: FixProposal[] = edit ? [{ title: 'Add --no-cache-dir', edits: [edit] }] : [];
        if (isSpread) fixes.push(switchedOffForAll(stage, keeping[0]!));
        report({
          range: command.subcommandRange,
          message: 'pip install keeps downloaded and built wheels in the image; add --no-cache-dir.',
          fixes,
        });
      }
    }
  },
});

function keepsCache(command: Command): boolean {
  const { run } = command;
  if (command.subcommand !== 'install' || command.hasOption('--no-cache-dir', '--cache-dir', '--dry-run', '--help'))
    return false;
  if (command.mayHold('--no-cache-dir') || isSwitchedOff(command)) return false;
  if (
    run.hasMountMatching(/(?:^|\/)(?:\.cache|pip[\w-]*)\/?$|^\/root\/?$/) ||
    run.mountAt(cacheFolder(command) ?? '/root/.cache/pip')
  )
    return false;
  if (run.removes(/\.cache|pip|\/root\/\.|\/root\/\*/)) return false;
  return !run.packageUses.some(
    (use) => use.manager === 'pip' && use.action === 'clean' && use.command.range.start > command.range.start,
  );
}

function cacheFolder(command: Command): string | undefined {
  return command.stage.envAt(command.run.instruction).get('PIP_CACHE_DIR')?.value;
}

/** By a variable of the Dockerfile or the script, or by a configuration that an earlier instruction writes. */
function isSwitchedOff(command: Command): boolean {
  const { run, stage } = command;
  const variable = stage.envAt(run.instruction).get('PIP_NO_CACHE_DIR');
  if (variable) return variable.value === undefined || isTrue(variable.value);
  const assignment = /\bPIP_NO_CACHE_DIR=["']?(\w*)/.exec(run.scriptText);
  if (assignment) return isTrue(assignment[1]!);
  const configuration = /\bno-cache-dir\b(?!\s+install)/;
  const earlier = stage.chain
    .flatMap((each) => each.instructions)
    .filter((each) => each.range.start < command.range.start);
  return earlier.some((each) => {
    if (each.keyword === 'COPY' || each.keyword === 'ADD') return /\bpip\.(?:conf|ini)\b/.test(each.argsText);
    return (
      each.keyword === 'RUN' &&
      /\bpip3? config\b|pip\.conf/.test(stage.dockerfile.slice(each.range)) &&
      configuration.test(stage.dockerfile.slice(each.range))
    );
  });
}

function isTrue(value: string): boolean {
  return !/^(?:0|false|no|off|f|n)?$/i.test(value);
}

function switchedOffForAll(stage: Stage, first: Command): FixProposal {
  const { dockerfile } = stage;
  const line = first.run.instruction;
  // Comments directly above belong to the RUN and stay there.
  let at = line.range.start;
  for (;;) {
    const comment = dockerfile.comments.find(
      (each) =>
        !each.inside && each.range.end < at && /^[ \t]*\r?\n[ \t]*$/.test(dockerfile.text.slice(each.range.end, at)),
    );
    if (!comment) break;
    at = comment.range.start;
  }
  return {
    title: 'Set PIP_NO_CACHE_DIR once for this stage (also in force in the container)',
    safety: 'suggestion',
    edits: [insertAt(at, `ENV PIP_NO_CACHE_DIR=1${dockerfile.lineBreak}`)],
  };
}
