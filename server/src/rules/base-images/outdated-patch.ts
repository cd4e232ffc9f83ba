import { factsDate, newerPatch } from '../../facts/index.ts';
import { defineRule } from '../../lint/rule.ts';
import { tagEdit } from './editTag.ts';

export const outdatedPatch = defineRule({
  id: 'outdated-patch',
  practice: 'base-images',
  summary: 'The base image is pinned to a patch release that newer ones have replaced.',
  why: [
    'A full version such as `node:24.1.0` is built anew only while it is the newest of its line. Then it stands still: neither the fixes of later patch releases nor those of the packages below get into it.',
    '',
    'The fixes stay within the release line: the newest patch, pinned as before, or the tag that follows the line. The rule speaks only where the data shows that the version was published and that its line has a newer one; the data is as old as the date in the message, so an even newer patch may be out.',
  ].join('\n'),
  severity: 'hint',
  fix: 'suggestion',
  aliases: [],
  examples: [{ before: 'FROM node:22.11.0-slim\n', after: 'FROM node:22.23.2-slim\n' }],
  check({ dockerfile, report }) {
    const { today } = dockerfile;
    if (today === undefined) return;
    for (const stage of dockerfile.stages) {
      const { base } = stage;
      // A digest pins on purpose, and some tool looks after it.
      if (!base.isExternal || !base.written || base.resolved!.digest !== undefined) continue;
      const newer = newerPatch(base.resolved!, today);
      if (!newer) continue;
      const tags = [newer.tag, ...(newer.floating === undefined ? [] : [newer.floating])];
      const fixes = tags.flatMap((tag, index) => {
        const edit = tagEdit(stage, tag);
        const what =
          index === 0 ? `the newest patch of ${newer.line} known on ${factsDate}` : `always the newest ${newer.line}`;
        return edit ? [{ title: `Use ${tag} (${what})`, edits: [edit] }] : [];
      });
      report({
        range: base.word!.hasVariable ? base.word!.range : (base.written.tagRange ?? base.written.nameRange),
        message: `${base.name} is not rebuilt any more: ${newer.tag} was out on ${factsDate}; move to it${newer.floating === undefined ? '' : `, or follow the line with ${newer.floating}`}.`,
        fixes,
        ...(fixes.length === 0 ? { withheld: 'The version is put together from variables.' } : {}),
      });
    }
  },
});
