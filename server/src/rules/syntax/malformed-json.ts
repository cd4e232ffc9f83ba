import { defineRule, type FixProposal } from '../../lint/rule.ts';
import { replace } from '../../text/edit.ts';

export const malformedJson = defineRule({
  id: 'malformed-json',
  practice: 'syntax',
  summary: 'Arguments that look like JSON form, but are not valid JSON.',
  why: "Docker then takes them as plain text: `CMD ['node', 'app.js']` starts a shell that looks for a program named `[node,`. JSON wants double quotes, a comma between the items and none behind the last. An array that holds something else than strings stops the build.",
  severity: 'error',
  fix: 'suggestion',
  aliases: ['sonar/S7030', 'dockerfile-utils/JSON_IN_SINGLE_QUOTES'],
  covers: ['json-malformed', 'json-not-strings'],
  examples: [{ before: "FROM debian:13\nCMD ['node', 'app.js']\n", after: 'FROM debian:13\nCMD ["node", "app.js"]\n' }],
  check({ dockerfile, report }) {
    for (const problem of dockerfile.problems) {
      if (problem.kind !== 'json-malformed' && problem.kind !== 'json-not-strings') continue;
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
