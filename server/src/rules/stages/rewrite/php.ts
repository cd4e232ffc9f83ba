import type { Command } from '../../../model/command.ts';
import { resolvePath } from '../../../model/copy.ts';
import type { Stage } from '../../../model/stage.ts';
import type { Instruction } from '../../../syntax/instruction.ts';
import { findVariables } from '../../../syntax/variables.ts';
import { outsideCopies } from './assets.ts';
import { leftBehind } from './obstacles.ts';
import { declined, type Ecosystem, type Recognition } from './plan.ts';
import { runTimeText } from './start.ts';

/**
 * A PHP project that Composer installs. PHP's extensions are part of the image that ships, so they stay where they are:
 * what stands in front of Composer becomes a stage of its own, on which the build and the final stage are built.
 */
export const php: Ecosystem = {
  name: 'PHP',
  ships: 'Composer, its downloads, and the tools that it needs for them',
  buildCommand: (stage) =>
    stage.rootBase.facts?.repository === 'php' && bringerOf(stage) && !/\bcomposer\b/.test(runTimeText(stage))
      ? stage.commands('composer', 'install').at(-1)
      : undefined,
  plan,
};

function plan(stage: Stage): Recognition {
  const splitAt = bringerOf(stage)!;
  const lastBuildStep = stage.runs.at(-1)!.instruction;
  const folder = stage.workdirAt('end');
  if (folder === undefined || folder === '/') return declined('the project has no folder of its own; add a WORKDIR');
  if (splitAt.range.start > php.buildCommand(stage)!.range.start)
    return declined('Composer comes in when it is in use already');
  const part = stage.instructions.filter(
    ({ range }) => range.start >= splitAt.range.start && range.start <= lastBuildStep.range.start,
  );
  const argument = argumentOfBoth(stage, splitAt);
  if (argument !== undefined) return declined(`ARG ${argument} counts for both parts of the stage`);
  if (part.some((each) => each.keyword === 'SHELL')) return declined('SHELL stands in the middle of the build');
  const before = stage.copies.some(
    ({ instruction, destinationPath }) =>
      instruction.range.start < splitAt.range.start && destinationPath?.startsWith(folder),
  );
  if (before) return declined('the project is copied in front of Composer; bring Composer in first');
  const first = stage.instructions[0] === splitAt;
  const isMade = stage.instructions.some(
    (each) => each.keyword === 'WORKDIR' && each.range.start < splitAt.range.start,
  );
  if (isMade && !first && changesOwner(stage, folder))
    return declined('the project’s folder changes its owner; put WORKDIR behind what brings Composer in');
  const outside = outsideCopies(stage, lastBuildStep, folder, (path) => /composer|^\/tmp\//.test(path));
  if (typeof outside === 'string') return declined(outside);
  const later = new Set(part.filter((each) => each.keyword === 'COPY' || each.keyword === 'ADD'));
  const own = stage.copies.filter((copy) => later.has(copy.instruction)).map((copy) => copy.destinationPath ?? '');
  const copies = [
    { from: folder, to: folder },
    ...outside.filter(({ from }) => own.some((path) => from.startsWith(path.replace(/\/$/, '')))),
  ];
  const reason = leftBehind(stage, {
    isBuildTool,
    kept: copies.map((copy) => copy.from),
    image: stage.rootBase.name,
    splitAt,
  });
  if (reason) return declined(reason);
  return {
    kind: 'plan',
    plan: {
      image: stage.base.word!.text,
      user: undefined,
      lastBuildStep,
      // Without anything in front of it, the image itself is what both parts share.
      ...(first ? {} : { splitAt }),
      copies,
      isBuildVariable: (name) => name.startsWith('COMPOSER_'),
      assumes: [],
    },
  };
}

/** The instruction that brings Composer into the image: a copy from its image, or a RUN of its installer. */
function bringerOf(stage: Stage): Instruction | undefined {
  const copy = stage.copies.find(
    ({ from, sources }) => from !== undefined && sources.some(({ text }) => /\/composer(?:\.phar)?$/.test(text)),
  );
  const run = stage.runs.find(({ scriptText }) => /getcomposer\.org/.test(scriptText));
  return copy?.instruction ?? run?.instruction;
}

/** Whether a RUN gives the folder itself another owner or mode: COPY would not change that of a folder that is there. */
function changesOwner(stage: Stage, folder: string): boolean {
  return stage.runs.some((run) =>
    run.commands.some(
      (command) =>
        ['chown', 'chmod', 'chgrp'].includes(command.name) &&
        command.args.some(({ text }) => {
          const path = resolvePath(stage.workdirAt(run.instruction), text);
          return path?.replace(/(.)\/$/, '$1') === folder || /[$*]/.test(text);
        }),
    ),
  );
}

function isBuildTool(command: Command): boolean {
  if (command.name === 'composer')
    return /^(?:install|dump-?autoload|clear-?cache|config|check-platform-reqs|validate|self-update|--version)$/.test(
      command.subcommand ?? command.args[0]?.text ?? '',
    );
  const isInstaller = /getcomposer\.org/.test(command.run.scriptText);
  return isInstaller && ['curl', 'wget', 'php', 'mv', 'chmod'].includes(command.name);
}

/** An ARG in front of the split that is used behind it, where it is no longer known. */
function argumentOfBoth(stage: Stage, splitAt: Instruction): string | undefined {
  const used = new Set(
    stage.instructions
      .filter((each) => each.range.start >= splitAt.range.start)
      .flatMap((each) => findVariables(each.argsText, 0, each.escape).map((reference) => reference.name)),
  );
  return stage.instructions
    .filter((each) => each.keyword === 'ARG' && each.range.start < splitAt.range.start)
    .flatMap((each) => each.pairs.map((pair) => pair.name))
    .find((name) => used.has(name));
}
