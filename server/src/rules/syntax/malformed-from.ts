import { defineRule } from '../../lint/rule.ts';
import { insertBefore, replace } from '../../text/edit.ts';
import { inCaseOf } from '../insertLine.ts';

export const malformedFrom = defineRule({
  id: 'malformed-from',
  practice: 'syntax',
  summary: '`FROM` is not of the form `FROM image` or `FROM image AS name`.',
  why: 'The build stops before it starts. A stage gets its name behind `AS`; the name starts with a letter and holds letters, digits, `-`, `_` and `.`.',
  severity: 'error',
  fix: 'suggestion',
  aliases: ['dockerfile-utils/INVALID_AS', 'dockerfile-utils/INVALID_BUILD_STAGE_NAME'],
  examples: [{ before: 'FROM debian:13 build\n', after: 'FROM debian:13 AS build\n' }],
  check({ dockerfile, report }) {
    for (const { from } of dockerfile.stages) {
      const [image, as, name] = from.words;
      if (!image || from.words.length === 1) continue;
      if (from.words.length === 2 && as && !/^as$/i.test(as.text)) {
        const tag = !image.hasVariable && /^\d[\w.-]*$/.test(as.text) && !/[:@]/.test(image.text);
        if (tag) {
          report({
            range: as.range,
            message: `FROM takes one image; write the tag with a colon, ${image.text}:${as.text}.`,
            fixes: [
              {
                title: `Write ${image.text}:${as.text}`,
                edits: [replace({ start: image.range.end, end: as.range.start }, ':')],
                preferred: true,
              },
            ],
          });
          continue;
        }
        const fix = /^[a-z][\w.-]*$/i.test(as.text) && !as.split;
        report({
          range: as.range,
          message: `FROM takes one image${fix ? `; write AS in front of ${as.text} to name the stage` : ''}.`,
          fixes: fix
            ? [
                {
                  title: `Name the stage ${as.text} with AS`,
                  edits: [insertBefore(as.range, `${inCaseOf(from, 'AS')} `)],
                  preferred: true,
                },
              ]
            : [],
        });
      } else if (from.words.length !== 3) {
        report({
          range: { start: as!.range.start, end: from.words.at(-1)!.range.end },
          message: 'FROM is FROM image or FROM image AS name; remove the rest.',
        });
      } else if (!/^as$/i.test(as!.text)) {
        report({
          range: as!.range,
          message: `Only AS may stand between the image and the name of the stage, not ${as!.text}.`,
          fixes: [{ title: 'Write AS', edits: [replace(as!.range, inCaseOf(from, 'AS'))], preferred: true }],
        });
      } else if (!/^[a-z][a-z0-9_.-]*$/i.test(name!.text)) {
        report({
          range: name!.range,
          message: `${name!.text} is no valid stage name; start with a letter and use letters, digits, -, _ and . only.`,
        });
      }
    }
  },
});
