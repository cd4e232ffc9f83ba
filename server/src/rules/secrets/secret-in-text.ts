import { defineRule } from '../../lint/rule.ts';
import { contains, overlaps } from '../../text/range.ts';
import { findTokens } from './knownTokens.ts';
import { namesSecret } from './secretNames.ts';

export const secretInText = defineRule({
  id: 'secret-in-text',
  practice: 'secrets',
  summary: 'A token, a private key or a password stands in the Dockerfile.',
  why: [
    'Everyone who reads the file or its history in version control has it, and everyone who can pull the image: the text of each instruction is part of the image’s history, and what a `RUN` writes is part of its layer, also when a later one deletes it.',
    '',
    'Revoke it where it was issued, and let the build have a new one with `RUN --mount=type=secret,id=…`.',
    '',
    'The rule knows the forms of tokens that their issuers publish (GitHub, GitLab, npm, PyPI, AWS, Slack, Stripe and others), private keys, passwords in addresses and headers with a secret. Variables and what looks like an example are left alone.',
  ].join('\n'),
  severity: 'error',
  fix: 'none',
  aliases: ['tally/secrets-in-code', 'sonar/S6437', 'dockerfile-doctor/DD057', 'dockerfile-doctor/DD058'],
  examples: [{ before: 'FROM alpine:3.24\nRUN apk add git && git clone https://ci:gaiphoh5Ah@git.example.com/app\n' }],
  check({ dockerfile, report }) {
    for (const instruction of dockerfile.instructions) {
      const { range, comments, keyword, pairs } = instruction;
      // That its name tells the secret is said already.
      const told = keyword === 'ENV' || keyword === 'ARG' ? pairs.filter(({ name }) => namesSecret(name)) : [];
      for (const token of findTokens(dockerfile.slice(range), range.start)) {
        if (comments.some((comment) => overlaps(comment.range, token.range))) continue;
        if (told.some((pair) => contains(pair.range, token.range))) continue;
        report({
          range: token.range,
          message: `${token.what} stands here and in the image’s history; revoke it, and pass a new one with RUN --mount=type=secret.`,
        });
      }
    }
  },
});
