import { defineRule } from '../../lint/rule.ts';

export const setuidBit = defineRule({
  id: 'setuid-bit',
  practice: 'users',
  summary: '`chmod` sets the setuid bit, with which a program runs as its owner.',
  why: 'A program with the setuid bit that belongs to root is root whoever starts it: one mistake in it gives away what `USER` has won. Containers seldom need one; give the single right that is needed (`setcap cap_net_bind_service=+ep`), or start the container as the user that has it. With `--security-opt no-new-privileges` the bit does nothing.',
  severity: 'hint',
  fix: 'none',
  aliases: ['dockle/CIS-DI-0008'],
  examples: [{ before: 'FROM debian:13\nCOPY helper /usr/bin/helper\nRUN chmod 4755 /usr/bin/helper\n' }],
  check({ dockerfile, report }) {
    for (const stage of dockerfile.shippedStages) {
      for (const command of stage.commands('chmod')) {
        const [mode, ...paths] = command.operands;
        // Not for groups: on folders that bit only hands the group down.
        if (
          !mode?.value ||
          paths.length === 0 ||
          !/^0?[4-7][0-7]{3}$|(?:^|,)(?:[ago]*u[ugoa]*)[+=][rwxXt]*s/.test(mode.value)
        )
          continue;
        report({
          range: mode.range,
          message: `Mode ${mode.value} lets whoever starts the program run it as its owner; leave the bit away, or give the one capability that is needed.`,
        });
      }
    }
  },
});
