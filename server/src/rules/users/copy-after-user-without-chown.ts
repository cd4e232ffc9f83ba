import { defineRule } from '../../lint/rule.ts';
import type { Run } from '../../model/run.ts';
import { writtenPlaces } from '../../model/writtenPlaces.ts';
import { insertAt } from '../../text/edit.ts';

export const copyAfterUserWithoutChown = defineRule({
  id: 'copy-after-user-without-chown',
  practice: 'users',
  summary: 'A copy into a folder that the program writes belongs to root, although the program does not run as root.',
  why: 'COPY and ADD pay no heed to `USER`: without `--chown` their files belong to root. For what the program only reads that is right and safer. In a volume, or in a folder that the start or a variable names for data, the program then fails with "permission denied" as soon as it changes such a file.',
  severity: 'hint',
  fix: 'suggestion',
  aliases: ['tally/copy-after-user-without-chown'],
  examples: [
    {
      before: 'FROM node:24\nUSER node\nCOPY seed.db /data/app.db\nVOLUME /data\nCMD ["node", "/srv/server.js"]\n',
      after:
        'FROM node:24\nUSER node\nCOPY --chown=node seed.db /data/app.db\nVOLUME /data\nCMD ["node", "/srv/server.js"]\n',
    },
  ],
  check({ dockerfile, report }) {
    const stage = dockerfile.finalStage;
    if (!stage || stage.rootBase.facts?.family === 'windows') return;
    const user = stage.effectiveUserAt('end');
    const word = user.source?.words[0];
    if (user.isRoot !== false || !user.source || !word || !stage.instructions.includes(user.source)) return;
    const folders = writtenPlaces(stage).places.filter(({ isFile, maker }) => !isFile && maker === undefined);
    for (const copy of stage.copies) {
      const path = copy.destinationPath?.replace(/(.)\/$/, '$1');
      if (path === undefined || copy.chown !== undefined || copy.chmod !== undefined) continue;
      if (copy.instruction.range.start < user.source.range.start) continue;
      const folder = folders.find((each) => path === each.path || path.startsWith(`${each.path}/`))?.path;
      if (folder === undefined || isGivenLater(stage.runs, copy.instruction.range.start)) continue;
      const isLinked = copy.instruction.flags.some(({ name }) => name === 'link');
      const isPlain = !word.split && (!isLinked || /^\d/.test(user.user ?? ''));
      report({
        range: copy.instruction.keywordRange,
        message: `The files belong to root, so ${user.user} can’t change them in ${folder}; add --chown=${word.text}.`,
        fixes: isPlain
          ? [
              {
                title: `Give them to ${user.user} (the program can then change them)`,
                edits: [insertAt(copy.instruction.keywordRange.end, ` --chown=${word.text}`)],
                preferred: true,
              },
            ]
          : [],
      });
    }
  },
});

function isGivenLater(runs: readonly Run[], from: number): boolean {
  return runs.some(
    (run) => run.instruction.range.start > from && run.commands.some(({ name }) => /^ch(?:own|mod|grp)$/.test(name)),
  );
}
