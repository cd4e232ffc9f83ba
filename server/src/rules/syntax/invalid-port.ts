import { defineRule, type Report } from '../../lint/rule.ts';
import type { Word } from '../../syntax/words.ts';
import { replace } from '../../text/edit.ts';

export const invalidPort = defineRule({
  id: 'invalid-port',
  practice: 'syntax',
  summary: '`EXPOSE` names something that is no port of the container.',
  why: '`EXPOSE` takes ports from 0 to 65535, ranges of them (`8000-8010`), and `tcp`, `udp` or `sctp` behind a slash; anything else stops the build. A port of the host (`8080:80`) has no effect there: it is chosen when the container starts, with `docker run -p`.',
  severity: 'error',
  fix: 'suggestion',
  aliases: ['hadolint/DL3011', 'buildkit/ExposeInvalidFormat'],
  examples: [{ before: 'FROM debian:13\nEXPOSE 8080:80\n', after: 'FROM debian:13\nEXPOSE 80\n' }],
  check({ dockerfile, report }) {
    for (const outer of dockerfile.instructions) {
      const instruction = outer.trigger ?? outer;
      if (instruction.keyword !== 'EXPOSE') continue;
      for (const word of instruction.words) {
        const found = complaint(word);
        if (found) report({ range: word.range, ...found });
      }
    }
  },
});

function complaint(word: Word): Omit<Report, 'range'> | undefined {
  const { value } = word;
  if (word.hasVariable || value === undefined) return undefined;
  const [ports = '', protocol, ...others] = value.split('/');
  const own = ports.slice(ports.lastIndexOf(':') + 1);
  const numbers = /^(\d+)(?:-(\d+))?$/.exec(own);
  if (!numbers || others.length > 0)
    return { message: `${value} is no port; write a number such as 8080, or 8080/udp.` };
  const first = Number(numbers[1]);
  const last = Number(numbers[2] ?? numbers[1]);
  if (first > 65535 || last > 65535) return { message: `There are ports from 0 to 65535 only, so not ${own}.` };
  if (last < first) return { message: `The range ${own} runs backwards; write ${last}-${first}.` };
  if (protocol !== undefined && !/^(?:tcp|udp|sctp)$/i.test(protocol))
    return { message: `${protocol || 'Nothing'} is no protocol of a port; write tcp, udp or sctp behind the slash.` };
  if (own === ports) return undefined;
  const plain = protocol === undefined ? own : `${own}/${protocol}`;
  return {
    severity: 'warning',
    message: `EXPOSE can’t choose a port of the host; write ${plain}, and choose the other one with docker run -p.`,
    fixes: word.split ? [] : [{ title: `Expose ${plain} only`, edits: [replace(word.range, plain)], preferred: true }],
  };
}
