import { defineRule } from '../../lint/rule.ts';
import { secretMount } from './secretMount.ts';
import { namesSecret } from './secretNames.ts';

export const secretInVariable = defineRule({
  id: 'secret-in-variable',
  practice: 'secrets',
  summary: 'A secret is passed as `ARG` or `ENV`.',
  why: 'Values of `ENV` are part of the image; those of `ARG` stand in its history. Everyone who can pull the image can read both, with `docker history` or `docker inspect`, whatever is deleted later. Give it to the one step that needs it with `RUN --mount=type=secret,id=…`, and to the container when it starts.',
  severity: 'warning',
  fix: 'suggestion',
  aliases: [
    'buildkit/SecretsUsedInArgOrEnv',
    'hadolint/DL3064',
    'trivy/DS-0031',
    'sonar/S6472',
    'semgrep/secret-in-build-arg',
  ],
  examples: [
    {
      before: '# syntax=docker/dockerfile:1\nFROM node:24-slim\nARG NPM_TOKEN\nRUN npm ci\n',
      after:
        '# syntax=docker/dockerfile:1\nFROM node:24-slim\nRUN --mount=type=secret,id=npm-token,env=NPM_TOKEN npm ci\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const stage of dockerfile.stages) {
      for (const instruction of stage.instructions) {
        if (instruction.keyword !== 'ARG' && instruction.keyword !== 'ENV') continue;
        for (const pair of instruction.pairs) {
          if (!namesSecret(pair.name)) continue;
          // A variable that is emptied, or only says where the secret is, gives nothing away.
          const value = pair.rawValue?.replace(/^["']|["']$/g, '');
          if (/^(?:yes|no|true|false|on|off|[01])$/i.test(value ?? '')) continue;
          if (isKeyOfPair(pair.name, instruction.pairs)) continue;
          if (instruction.keyword === 'ENV' && (value === '' || /^\/(?:run|etc|var)\//.test(value ?? ''))) continue;
          const answer = instruction.keyword === 'ARG' ? secretMount(stage, instruction) : undefined;
          report({
            range: pair.nameRange,
            fixes: answer?.kind === 'fix' ? [answer.fix] : [],
            ...(answer?.kind === 'withheld' ? { withheld: answer.reason } : {}),
            message: `${pair.name} stays readable in the image${instruction.keyword === 'ARG' ? '’s history' : ''}; use RUN --mount=type=secret, or set it when the container starts.`,
          });
        }
      }
    }
  },
});

/** The configuration of .NET writes a list of pairs as `…__Key` and `…__Value`: the key is then a plain name. */
function isKeyOfPair(name: string, pairs: ReadonlyArray<{ readonly name: string }>): boolean {
  const [, head] = /^(.*__)Key$/i.exec(name) ?? [];
  return head !== undefined && pairs.some((other) => other.name.toLowerCase() === `${head}value`.toLowerCase());
}
