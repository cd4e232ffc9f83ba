import { defineRule } from '../../lint/rule.ts';
import type { Instruction } from '../../syntax/instruction.ts';

export const missingArguments = defineRule({
  id: 'missing-arguments',
  practice: 'syntax',
  summary: 'An instruction lacks arguments, or has too many.',
  why: 'The build stops before it starts. `COPY` and `ADD` need a source and a destination, `USER`, `WORKDIR` and `STOPSIGNAL` exactly one value, `ENV` and `LABEL` a name and a value, the others at least one argument.',
  severity: 'error',
  fix: 'none',
  aliases: ['dockerfile-utils/ARGUMENT_MISSING'],
  examples: [{ before: 'FROM debian:13\nCOPY app\n' }],
  check({ dockerfile, report }) {
    for (const outer of dockerfile.instructions) {
      const instruction = outer.trigger ?? outer;
      if (!instruction.known) continue;
      const message = complaint(instruction);
      if (message) report({ range: instruction.keywordRange, message });
    }
  },
});

function complaint(instruction: Instruction): string | undefined {
  const { keyword, argsText, words, json, heredocs } = instruction;
  if (argsText === '') {
    // An empty RUN or CMD is accepted by some frontends as an empty command, but never does anything.
    return `${keyword} needs ${keyword === 'FROM' ? 'an image' : 'an argument'}.`;
  }
  const count = json ? json.items.length : words.length;
  if ((keyword === 'COPY' || keyword === 'ADD') && count < 2 && heredocs.length === 0) {
    return `${keyword} needs a source and a destination; add where to copy to.`;
  }
  if (
    (keyword === 'ENV' || keyword === 'LABEL') &&
    instruction.legacyPair &&
    instruction.pairs[0]?.rawValue === undefined
  ) {
    return `${keyword} needs a name and a value; write ${words[0]!.text}=value.`;
  }
  if (keyword === 'STOPSIGNAL' && /\s/.test(argsText)) return 'STOPSIGNAL takes exactly one signal.';
  return undefined;
}
