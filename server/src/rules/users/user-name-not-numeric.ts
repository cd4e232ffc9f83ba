import { defineRule } from '../../lint/rule.ts';
import { createdAccounts } from '../../model/accounts.ts';
import type { Stage } from '../../model/stage.ts';
import { replace } from '../../text/edit.ts';

export const userNameNotNumeric = defineRule({
  id: 'user-name-not-numeric',
  practice: 'users',
  summary: '`USER` is a name, which Kubernetes can’t tell from root.',
  why: 'Under `runAsNonRoot` Kubernetes looks at the `USER` of the image and refuses a name, since only the image’s own `/etc/passwd` knows its number: "image has non-numeric user". Write the number, or set `runAsUser` for each container. Off unless asked for: elsewhere the name reads better.',
  severity: 'off',
  fix: 'suggestion',
  aliases: ['hadolint/DL3066'],
  examples: [
    {
      before: 'FROM node:24\nUSER node\nCMD ["node", "server.js"]\n',
      after: 'FROM node:24\nUSER 1000\nCMD ["node", "server.js"]\n',
    },
  ],
  check({ dockerfile, report }) {
    const stage = dockerfile.finalStage;
    const { source, user, group, isRoot } = stage?.effectiveUserAt('end') ?? {};
    const word = source?.words[0];
    if (!stage || !word || !user || isRoot !== false || /^\d+$/.test(user)) return;
    if (stage.rootBase.facts?.family === 'windows' || !stage.instructions.includes(source)) return;
    const number = group === undefined ? numberOf(stage, user) : undefined;
    const isPlain = number !== undefined && !word.split && !word.hasVariable;
    report({
      range: word.range,
      message: `Kubernetes can’t tell whether ${user} is root and refuses it under runAsNonRoot; write ${number === undefined ? 'its number' : number}.`,
      fixes: isPlain
        ? [
            {
              title: `Write ${number}, the number of ${user}`,
              edits: [replace(word.range, `${number}`)],
              preferred: true,
            },
          ]
        : [],
    });
  },
});

/** The number of a user, as this file or the base image gives it. */
function numberOf(stage: Stage, name: string): string | undefined {
  const account = createdAccounts(stage).findLast((each) => each.name === name);
  if (account) return account.uid !== undefined && /^\d+$/.test(account.uid) ? account.uid : undefined;
  const { facts } = stage.rootBase;
  const uid =
    facts?.readyUsers.find((each) => each.name === name)?.uid ??
    (facts?.user.name === name ? facts.user.uid : undefined);
  return uid === undefined ? undefined : `${uid}`;
}
