import { defineRule } from '../../lint/rule.ts';
import { createdAccounts, mayHoldOtherAccounts } from '../../model/accounts.ts';

/** Users that every image of a distribution with an account database has. */
const systemUsers: ReadonlySet<string> = new Set(
  'root daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc gnats nobody _apt adm shutdown halt operator ftp sshd guest ntp squid smmsp cron at postmaster cyrus vpopmail svn xfs utmp tty systemd-network dbus'.split(
    ' ',
  ),
);

export const unknownUser = defineRule({
  id: 'unknown-user',
  practice: 'users',
  summary: '`USER` names a user that is not in the image.',
  why: 'A name is looked up in `/etc/passwd` of the image when a RUN or the container starts. If it is not there, the start fails with "unable to find user". Create the user in a RUN before, use one that the base image brings, or write a number, which needs no entry.',
  severity: 'error',
  fix: 'none',
  aliases: ['tally/named-identity-in-passwdless-stage'],
  examples: [{ before: 'FROM debian:13-slim\nUSER app\nCMD ["server"]\n' }],
  check({ dockerfile, report }) {
    for (const stage of dockerfile.stages) {
      const { facts, isScratch } = stage.rootBase;
      // Only distributions whose accounts are known well; an image with software on top may bring its own.
      const plain = ['debian', 'ubuntu', 'alpine', 'busybox', 'golang', 'python', 'ruby', 'rust', 'buildpack-deps'];
      if (!isScratch && !(facts && plain.includes(facts.repository))) continue;
      if (mayHoldOtherAccounts(stage)) continue;
      const created = new Set(createdAccounts(stage).map((account) => account.name));
      for (const instruction of stage.instructions) {
        const word = instruction.keyword === 'USER' ? instruction.words[0] : undefined;
        if (!word || word.split) continue;
        const name = stage.envAt(instruction).expand(word.text, instruction.escape)?.split(':')[0];
        if (name === undefined || name === '' || /^\d+$/.test(name)) continue;
        const known =
          (!isScratch && systemUsers.has(name)) ||
          facts?.readyUsers.some((user) => user.name === name) ||
          created.has(name);
        if (known) continue;
        report({
          range: word.range,
          message: `There is no user ${name} in ${isScratch ? 'an image made from scratch' : stage.rootBase.name}, so nothing can start as it; create it before, or use a number.`,
        });
      }
    }
  },
});
