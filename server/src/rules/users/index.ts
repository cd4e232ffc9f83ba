import type { Rule } from '../../lint/rule.ts';
import { copyAfterUserWithoutChown } from './copy-after-user-without-chown.ts';
import { dockerSocket } from './docker-socket.ts';
import { passwordInImage } from './password-in-image.ts';
import { rootUser } from './root-user.ts';
import { setuidBit } from './setuid-bit.ts';
import { sparseLastlog } from './sparse-lastlog.ts';
import { sudoInRun } from './sudo-in-run.ts';
import { unknownUser } from './unknown-user.ts';
import { userNameNotNumeric } from './user-name-not-numeric.ts';
import { worldWritable } from './world-writable.ts';

/** The rules of this practice, in the order of their pages. */
export const usersRules: readonly Rule[] = [
  rootUser,
  unknownUser,
  sudoInRun,
  sparseLastlog,
  worldWritable,
  setuidBit,
  passwordInImage,
  dockerSocket,
  copyAfterUserWithoutChown,
  userNameNotNumeric,
];
