import { defineRule, type FixProposal } from '../../lint/rule.ts';
import { type Copy, resolvePath } from '../../model/copy.ts';
import type { Stage } from '../../model/stage.ts';
import { replace } from '../../text/edit.ts';
import { inCaseOf, lineAbove } from '../insertLine.ts';

export const relativeDestination = defineRule({
  id: 'relative-destination',
  practice: 'context',
  summary: 'Files are copied to a relative path, and no `WORKDIR` says what it is relative to.',
  why: [
    'Without a `WORKDIR` most images work in `/`: `COPY . .` then puts the project among the folders of the system, where `bin`, `lib` or `etc` of the project mix with those of the image, and a later change of the base image moves everything.',
    '',
    'Set a `WORKDIR` above, or write the whole path. The rule looks at stages that ship, and is silent for base images that work in a folder of their own (`/var/www/html` of php), and for those that are not known.',
  ].join('\n'),
  severity: 'info',
  fix: 'safe',
  aliases: ['hadolint/DL3045'],
  examples: [
    {
      before: 'FROM node:24-slim\nCOPY server.js app/\nCMD ["node", "app/server.js"]\n',
      after: 'FROM node:24-slim\nCOPY server.js /app/\nCMD ["node", "app/server.js"]\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const stage of dockerfile.shippedStages) {
      if (!worksInRoot(stage)) continue;
      const hasWorkdir = (each: Copy): boolean =>
        stage.instructions.some(
          ({ keyword, range }) => keyword === 'WORKDIR' && range.start < each.instruction.range.start,
        );
      for (const copy of stage.copies) {
        const { destination } = copy;
        if (!destination?.value || isAbsolute(destination.value) || isAbsolute(destination.text) || hasWorkdir(copy))
          continue;
        const isRoot = /^\.?\/?$/.test(destination.value);
        report({
          range: destination.range,
          message: destination.value.startsWith('~')
            ? `COPY does not know ~: this makes a folder of that name, ${resolvePath('/', destination.value)}; write the whole path.`
            : `Without WORKDIR this goes to ${isRoot ? '/, among the folders of the system' : resolvePath('/', destination.value)}; set a WORKDIR, or write the whole path.`,
          fixes: fixes(stage, copy, isRoot),
        });
      }
    }
  },
});

function isAbsolute(path: string): boolean {
  return /^(?:[A-Za-z]:|[\\/$"'])/.test(path);
}

/** The stage begins in `/`, as far as is known: no stage below says otherwise, and the base image is known. */
function worksInRoot(stage: Stage): boolean {
  const { facts, isScratch } = stage.rootBase;
  if (facts?.family === 'windows') return false;
  const isSet = stage.chain.slice(1).some((each) => each.instructions.some(({ keyword }) => keyword === 'WORKDIR'));
  // In an image from scratch there is nothing that files could mix with.
  return !isSet && !isScratch && facts?.official === true && stage.workdirAt(stage.instructions[0] ?? 'end') === '/';
}

function fixes(stage: Stage, copy: Copy, isRoot: boolean): FixProposal[] {
  const { instruction } = copy;
  const { text, value, range } = copy.destination!;
  const found: FixProposal[] = [];
  if (text.startsWith('~')) return [];
  if (!isRoot && text === value && instruction.line.gluedAt.length === 0) {
    const path = resolvePath('/', text)!;
    found.push({
      title: `Write ${path}`,
      edits: [replace(range, instruction.json ? JSON.stringify(path) : path)],
    });
  }
  // Other stages know where the files are.
  const isCopiedFrom = stage.dockerfile.stages.some((each) =>
    each.copies.some((other) => other.fromStage && other.fromStage.chain.includes(stage)),
  );
  if (isCopiedFrom) return found;
  const folder = freeFolder(stage);
  found.push({
    title: `Set WORKDIR ${folder} above (all that follows then works there)`,
    edits: [lineAbove(stage.dockerfile, instruction, `${inCaseOf(instruction, 'WORKDIR')} ${folder}`)],
    safety: 'suggestion',
    preferred: false,
  });
  return found;
}

/** A folder that the stage does not speak of yet: `go build -o /app` would write into it instead of making a file. */
function freeFolder(stage: Stage): string {
  const text = stage.dockerfile.slice(stage.range).replace(/--from=\S+[ \t]+\S+/g, '');
  const isTaken = (folder: string): boolean => new RegExp(`(?<![\\w.~-])${folder}(?![\\w-])`).test(text);
  return ['/app', '/src', '/work'].find((folder) => !isTaken(folder)) ?? '/project';
}
