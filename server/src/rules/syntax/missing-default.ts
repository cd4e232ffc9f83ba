import { canonicalRepository, recommendedTags } from '../../facts/index.ts';
import { defineRule, type FixProposal } from '../../lint/rule.ts';
import type { Stage } from '../../model/stage.ts';
import { parseImageReference } from '../../syntax/imageReference.ts';
import { expandWord, findVariables } from '../../syntax/variables.ts';
import { insertAfter } from '../../text/edit.ts';

export const missingDefault = defineRule({
  id: 'missing-default',
  practice: 'syntax',
  summary: 'An `ARG` without a default leaves `FROM` without a usable name.',
  why: 'Whoever builds without `--build-arg` gets “invalid reference format” and has to find out which argument is missing. With a default the file builds as it is, tools can look at the base image, and the argument still changes it.',
  severity: 'hint',
  fix: 'suggestion',
  aliases: ['buildkit/InvalidDefaultArgInFrom'],
  examples: [{ before: 'ARG DEBIAN\nFROM debian:${DEBIAN}\n', after: 'ARG DEBIAN=13\nFROM debian:${DEBIAN}\n' }],
  check({ dockerfile, report }) {
    const told = new Set<string>();
    for (const stage of dockerfile.stages) {
      const word = stage.from.words[0];
      if (!word || word.split) continue;
      const lacking = findVariables(word.text, 0, stage.from.escape).filter(
        ({ name, operator }) => operator === undefined && isWithoutDefault(stage, name),
      );
      const [first] = lacking;
      if (!first || told.has(first.name) || isUsable(stage, word.text)) continue;
      told.add(first.name);
      const pair = pairOf(stage, first.name)!;
      report({
        range: pair.range,
        message: `Without a build argument, ${first.name} is empty, and FROM${word.text.length > 60 ? '' : ` ${word.text}`} names no image; give it a default.`,
        related: [{ range: word.range, message: 'This needs it.' }],
        fixes: lacking.length === 1 ? fixes(stage, first.name) : [],
      });
    }
  },
});

function pairOf(stage: Stage, name: string): Stage['from']['pairs'][number] | undefined {
  return stage.dockerfile.globalArgs.flatMap((arg) => arg.pairs).findLast((pair) => pair.name === name);
}

/** Declared in front of the first FROM, and given no value: neither there nor for this build. */
function isWithoutDefault(stage: Stage, name: string): boolean {
  const pair = pairOf(stage, name);
  return (
    pair?.rawValue === undefined &&
    pair !== undefined &&
    stage.dockerfile.globalEnvironment.get(name)?.value === undefined
  );
}

/** Whether a name remains when what has no value is left out. */
function isUsable(stage: Stage, text: string): boolean {
  const known = stage.dockerfile.globalEnvironment;
  const name = expandWord(text, stage.from.escape, (each) => known.get(each)?.value ?? '');
  return (
    name === undefined ||
    /^(?:[\w.-]+(?::\d+)?\/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?::\w[\w.-]*)?(?:@sha256:\w+)?$/i.test(name)
  );
}

/** Of a known image, the tags of supported release lines. */
function fixes(stage: Stage, name: string): FixProposal[] {
  const { today } = stage.dockerfile;
  const match = /^([\w./-]+):\$(?:\{\w+\}|\w+)$/.exec(stage.from.words[0]!.text);
  const pair = pairOf(stage, name)!;
  if (!match || today === undefined || pair.split) return [];
  return recommendedTags(canonicalRepository(parseImageReference(match[1]!, 0)), today)
    .slice(0, 2)
    .map(({ tag, until }) => ({
      title: `Give ${name} the default ${tag}${until === undefined ? '' : ` (supported until ${until})`}`,
      edits: [insertAfter(pair.range, `=${tag}`)],
    }));
}
