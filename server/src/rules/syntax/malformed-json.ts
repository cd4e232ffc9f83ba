import { defineRule, type FixProposal } from '../../lint/rule.ts';
import { replace } from '../../text/edit.ts';

export const malformedJson = defineRule({
  id: 'malformed-json',
  practice: 'syntax',
  summary: 'Arguments that look like JSON form, but are not valid JSON.',
  why: "Docker then takes them as plain text: `CMD ['node', 'app.js']` starts a shell that looks for a program named `[node,`. JSON wants double quotes, a comma between the items and none behind the last. An array that holds something else than strings stops the build, and so does `SHELL` in any other form.",
  severity: 'error',
  fix: 'suggestion',
  aliases: ['sonar/S7030', 'dockerfile-utils/JSON_IN_SINGLE_QUOTES'],
  covers: ['json-malformed', 'json-not-strings'],
  examples: [{ before: "FROM debian:13\nCMD ['node', 'app.js']\n", after: 'FROM debian:13\nCMD ["node", "app.js"]\n' }],
  check({ dockerfile, report }) {
    for (const outer of dockerfile.instructions) {
      const instruction = outer.trigger ?? outer;
      const { keyword, json, argsText, argsRange, words } = instruction;
      const isPlain = words.every((word) => !word.hasVariable && word.value !== undefined && !word.split);
      if (keyword !== 'SHELL' || json || argsText === '' || instruction.problems.some(({ kind }) => isJson(kind)))
        continue;
      const items = words.map((word) => word.value);
      // A shell alone would take the whole script for the name of a file.
      const isShell = items.length === 1 && /^(?:\/(?:usr\/)?bin\/)?(?:ba|da|z|a|k)?sh$/.test(items[0]!);
      const written = `[${[...items, ...(isShell ? ['-c'] : [])].map((item) => JSON.stringify(item)).join(', ')}]`;
      report({
        range: argsRange,
        message: `SHELL takes nothing but JSON form${isPlain ? `; write ${written}` : ''}.`,
        fixes: isPlain ? [{ title: 'Write it as JSON', edits: [replace(argsRange, written)], preferred: true }] : [],
      });
    }
    for (const problem of dockerfile.problems) {
      if (!isJson(problem.kind)) continue;
      const text = dockerfile.slice(problem.range);
      const repaired = repair(text);
      const fixes: FixProposal[] = repaired
        ? [{ title: 'Write it as JSON', edits: [replace(problem.range, repaired)], preferred: true }]
        : [];
      report({
        range: problem.range,
        message: problem.message.replace(
          /\.$/,
          repaired ? `; write ${repaired.length > 60 ? 'JSON' : repaired}.` : '.',
        ),
        fixes,
      });
    }
  },
});

function isJson(kind: string): boolean {
  return kind === 'json-malformed' || kind === 'json-not-strings';
}

/** The one JSON array that was probably meant; undefined when more than quotes, commas and brackets would have to change. */
export function repair(text: string): string | undefined {
  if (/[\r\n\\]/.test(text)) return undefined;
  const candidates = [
    text.replaceAll(/[\u201c\u201d]/g, '"'),
    text.replaceAll(/'([^'"]*)'/g, '"$1"'),
    text.replace(/,\s*\]$/, ']'),
    text.replaceAll(/'([^'"]*)'/g, '"$1"').replace(/,\s*\]$/, ']'),
    `${text}]`,
    text.replaceAll(/"\s+"/g, '", "'),
    text.replaceAll(/'([^'"]*)'/g, '"$1"').replaceAll(/"\s+"/g, '", "'),
  ];
  return candidates.find((candidate) => candidate !== text && isArrayOfStrings(candidate));
}

function isArrayOfStrings(text: string): boolean {
  try {
    const parsed: unknown = JSON.parse(text);
    return (
      Array.isArray(parsed) && parsed.length > 0 && parsed.every((item) => typeof item === 'string' && item !== ' ')
    );
  } catch {
    return false;
  }
}
