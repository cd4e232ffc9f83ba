import { defineRule } from '../../lint/rule.ts';
import { callNames, isMentioned, isWorkbench, remainingPackages } from '../../model/shippedTools.ts';

const fetchers = ['curl', 'wget'];

export const wgetAndCurl = defineRule({
  id: 'wget-and-curl',
  practice: 'packages',
  summary: 'Both wget and curl are installed in the image that ships.',
  why: 'They do the same work. The second one brings its own libraries, and its own vulnerabilities to every report, without a use of its own. Choose one and write all downloads with it (`curl -fsSLo FILE URL` is `wget -O FILE URL`). The rule looks at images that ship and at packages that stay in them, and only when the Dockerfile calls both; one that nothing calls is told of by debug-tools-in-final-image.',
  severity: 'hint',
  fix: 'none',
  aliases: ['hadolint/DL4001'],
  examples: [
    {
      before:
        'FROM debian:13-slim\nRUN apt-get update && apt-get install -y --no-install-recommends curl wget\nRUN wget -O /a https://example.com/a\nHEALTHCHECK CMD curl -f http://localhost/\nCMD ["serve"]\n',
    },
  ],
  check({ dockerfile, report }) {
    const { finalStage } = dockerfile;
    if (!finalStage || isWorkbench(finalStage)) return;
    const installed = dockerfile.shippedStages
      .flatMap(remainingPackages)
      .filter(({ named }) => fetchers.includes(named.name))
      .filter(({ use, named }) => isMentioned(finalStage, callNames(use, named.name), 'everywhere'));
    const [first, second] = fetchers
      .flatMap((name) => installed.find(({ named }) => named.name === name) ?? [])
      .toSorted((a, b) => a.named.range.start - b.named.range.start);
    if (!first || !second) return;
    report({
      range: second.named.range,
      message: `${second.named.name} is installed although ${first.named.name}, which does the same, is there, too; write all downloads with one of them.`,
      related: [{ range: first.named.range, message: `${first.named.name} is installed here.` }],
    });
  },
});
