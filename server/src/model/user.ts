import type { Instruction } from '../syntax/instruction.ts';

/** Who a container or a RUN runs as. */
export interface EffectiveUser {
  /** As it takes effect (variables expanded); undefined when it can't be known. */
  readonly user: string | undefined;
  readonly group: string | undefined;
  readonly isRoot: boolean | 'unknown';
  /** The USER instruction that decides it; undefined when it is the base image's own user. */
  readonly source: Instruction | undefined;
}

/** Splits `user[:group]` and tells whether it is root. Windows' administrator account counts as root. */
export function readUser(text: string | undefined, source: Instruction | undefined): EffectiveUser {
  if (text === undefined) return { user: undefined, group: undefined, isRoot: 'unknown', source };
  const colon = text.indexOf(':');
  const user = colon < 0 ? text : text.slice(0, colon);
  const group = colon < 0 ? undefined : text.slice(colon + 1);
  return { user, group, isRoot: isRootName(user), source };
}

export function isRootName(user: string): boolean {
  if (/^\d+$/.test(user)) return Number(user) === 0;
  const name = user.toLowerCase();
  return name === '' || name === 'root' || name === 'containeradministrator' || name === 'administrator';
}
