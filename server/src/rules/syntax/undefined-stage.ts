import { defineRule, type FixProposal } from '../../lint/rule.ts';
import type { Stage } from '../../model/stage.ts';
import type { Range } from '../../text/range.ts';
import { replace } from '../../text/edit.ts';
import { meant } from './spelling.ts';
import { stageReferences } from '../../model/stageReferences.ts';

export const undefinedStage = defineRule({
  id: 'undefined-stage',
  practice: 'syntax',
  summary: '`--from` names a stage that is not there, comes later, or is this one.',
  why: 'A stage can only take files from stages above it. A name that is no stage is taken for an image and pulled from the registry, which mostly fails, or fetches somebody else’s image; a number that is too high and the stage itself stop the build.',
  severity: 'error',
  fix: 'suggestion',
  aliases: [
    'hadolint/DL3022',
    'hadolint/DL3023',
    'trivy/DS-0006',
    'kics/copy_from_references_current_from_alias',
    'dockerfile-utils/FLAG_INVALID_FROM_VALUE',
  ],
  examples: [
    {
      before: 'FROM golang:1.26 AS build\nRUN go build -o /x\nFROM scratch\nCOPY --from=biuld /x /x\n',
      after: 'FROM golang:1.26 AS build\nRUN go build -o /x\nFROM scratch\nCOPY --from=build /x /x\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const stage of dockerfile.stages) {
      for (const { name, range } of stageReferences(stage)) {
        const found = complaint(stage, name, range);
        if (found) report({ range, ...found });
      }
    }
  },
});

function complaint(stage: Stage, name: string, range: Range): { message: string; fixes: FixProposal[] } | undefined {
  const { dockerfile } = stage;
  if (name === '' || name.includes('$') || dockerfile.stageNamed(name, stage)) return undefined;
  const earlier = dockerfile.stages.slice(0, stage.index).flatMap((each) => each.nameWord?.text ?? []);
  const wanted = name.toLowerCase();
  if (/^\d+$/.test(name)) {
    if (Number(name) === stage.index)
      return { message: 'A stage can’t copy from itself; name an earlier one.', fixes: [] };
    return {
      message: `There is no stage ${name} above this one; stages count from 0, and names are clearer.`,
      fixes: [],
    };
  }
  if (stage.name === wanted)
    return { message: `The stage ${name} can’t copy from itself; name an earlier one.`, fixes: [] };
  if (dockerfile.stages.some((each) => each.index > stage.index && each.name === wanted)) {
    return { message: `The stage ${name} comes later, so there is nothing to copy yet; move it up.`, fixes: [] };
  }
  // A name with a tag, a registry or a path is meant as an image.
  if (/[:/@.]/.test(name)) return undefined;
  const guess = meant(name, earlier);
  if (!guess) return undefined;
  return {
    message: `There is no stage ${name}, so an image of that name would be pulled; write ${guess}.`,
    fixes: [{ title: `Write ${guess}`, edits: [replace(range, guess)], preferred: true }],
  };
}
