import { defineRule } from '../../lint/rule.ts';
import type { Command } from '../../model/command.ts';
import type { Range } from '../../text/range.ts';

export const passwordInImage = defineRule({
  id: 'password-in-image',
  practice: 'users',
  summary: 'A RUN sets the password of a user.',
  why: [
    'The password (or its hash) is stored in `/etc/shadow` of a layer, and the command with it in the history of the image: everybody who has the image has both, and every container has the same password.',
    '',
    'A container needs no password: start it as the user it is for (`USER`, `docker exec --user`). Where somebody really logs in, use keys or a secret that is given when the container starts.',
  ].join('\n'),
  severity: 'warning',
  fix: 'none',
  aliases: ['checkov/CKV2_DOCKER_17', 'dockle/DKL-LI-0001'],
  examples: [{ before: 'FROM debian:13\nRUN useradd app && echo "app:secret" | chpasswd\n' }],
  check({ dockerfile, report }) {
    for (const stage of dockerfile.shippedStages) {
      for (const run of stage.runs) {
        for (const command of run.commands) {
          const range = passwordOf(command);
          if (range)
            report({
              range,
              message:
                'The password stays in a layer and in the history of the image; leave the account without one, or set it when the container starts.',
            });
        }
      }
    }
  },
});

/** Where a command sets a password; undefined when it does not, or only locks the account. */
function passwordOf(command: Command): Range | undefined {
  const name = command.shell.nameWord?.range;
  switch (command.name) {
    case 'chpasswd':
      return command.hasOption('-h', '--help') ? undefined : name;
    case 'passwd':
      return command.hasOption('--stdin') ? name : undefined;
    case 'useradd':
    case 'usermod': {
      const option = command.option('-p', '--password');
      if (!option) return undefined;
      const text = option.value ?? option.valueWord?.value;
      const value = option.valueText === undefined ? option.valueWord : option.word;
      // `*` and `!` are no hash of anything: they lock the account.
      return value === undefined || (text !== undefined && /^[*!x]*$/.test(text)) ? undefined : value.range;
    }
    default:
      return undefined;
  }
}
