import { defineRule, type FixProposal } from '../../lint/rule.ts';
import { resolvePath } from '../../model/copy.ts';
import type { Stage } from '../../model/stage.ts';
import type { Instruction } from '../../syntax/instruction.ts';
import { insertAt, replace } from '../../text/edit.ts';

export const relativeWorkdir = defineRule({
  id: 'relative-workdir',
  practice: 'context',
  summary: 'The first `WORKDIR` is relative, so the folder depends on the base image.',
  why: [
    'A relative `WORKDIR` continues the one in front of it. The first of a stage continues the one that the base image happens to have: `/` mostly, but `/go` in golang or `/var/www/html` in php, and another one after the next change of the image.',
    '',
    'Write the absolute path. A relative `WORKDIR` behind an absolute one is fine.',
  ].join('\n'),
  severity: 'warning',
  fix: 'safe',
  aliases: [
    'hadolint/DL3000',
    'buildkit/WorkdirRelativePath',
    'trivy/DS-0009',
    'checkov/CKV_DOCKER_10',
    'kics/workdir_path_not_absolute',
    'sonar/S7021',
  ],
  examples: [
    {
      before: 'FROM node:24-slim\nWORKDIR app\nCOPY . .\n',
      after: 'FROM node:24-slim\nWORKDIR /app\nCOPY . .\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const stage of dockerfile.stages) {
      const first = stage.instructions.find((each) => each.keyword === 'WORKDIR');
      const isContinued = stage.chain
        .slice(1)
        .some((each) => each.instructions.some((own) => own.keyword === 'WORKDIR'));
      const word = first?.words[0];
      if (!first || !word || isContinued || word.split) continue;
      const value = stage.envAt(first).expand(word.text, first.escape);
      if (value === undefined || value === '' || isAbsolute(value) || isAbsolute(word.text)) continue;
      report({
        range: word.range,
        message: `WORKDIR ${value} continues the working directory of the base image; write the absolute path.`,
        ...repair(stage, first, value),
      });
    }
  },
});

function isAbsolute(value: string): boolean {
  return /^(?:[A-Za-z]:|[\\/])/.test(value);
}

function repair(stage: Stage, first: Instruction, value: string): { fixes: FixProposal[] } | { withheld: string } {
  const word = first.words[0]!;
  if (value.startsWith('~'))
    return {
      withheld: 'WORKDIR does not know ~: it would be a folder of that name. Write the home folder of the user.',
    };
  const facts = stage.rootBase.facts;
  if (facts ? facts.family === 'windows' : first.escape === '`') return { withheld: 'The drive is not known.' };
  const base = stage.workdirAt(first);
  const isKnown = stage.rootBase.isScratch || (facts?.official === true && base !== undefined);
  const from = base ?? '/';
  const path = resolvePath(from, value)!.replace(/(.)\/$/, '$1');
  const isPlain = word.text === value;
  if (!isPlain && /^["']?\.{1,2}(?:\/|$)/.test(word.text))
    return { withheld: 'The path can’t be put together with certainty.' };
  const quote = /^["']/.test(word.text) ? 1 : 0;
  const edit = isPlain
    ? replace(word.range, path)
    : insertAt(word.range.start + quote, from === '/' ? '/' : `${from}/`);
  const title = isKnown ? `Write ${path}` : `Write ${path} (assumes that the base image works in ${from})`;
  return { fixes: [{ title, edits: [edit], safety: isKnown ? 'safe' : 'suggestion' }] };
}
