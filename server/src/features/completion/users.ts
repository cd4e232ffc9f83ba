import { createdAccounts, givenOwners } from '../../model/accounts.ts';
import type { Stage } from '../../model/stage.ts';
import type { Instruction } from '../../syntax/instruction.ts';
import type { Entry } from './entry.ts';

/** Users that exist where the instruction stands; as owners, with their group. */
export function userEntries(stage: Stage, instruction: Instruction, asOwner: boolean): Entry[] {
  const found = new Map<string, Entry>();
  const add = (label: string, detail: string): void => {
    if (!found.has(label)) found.set(label, { kind: 'user', label, detail });
  };
  const { facts, isScratch } = stage.rootBase;
  const accounts = createdAccounts(stage).filter(({ command }) => command.range.start < instruction.range.start);
  for (const { name, group } of accounts.toReversed()) {
    add(asOwner ? `${name}:${group ?? name}` : name, 'created above');
  }
  for (const { name, uid, gid } of facts?.readyUsers ?? []) {
    const group = gid === undefined || gid === uid ? name : `${gid}`;
    add(asOwner ? `${name}:${group}` : name, `of ${facts!.repository}${uid === undefined ? '' : `, number ${uid}`}`);
    if (!asOwner && uid !== undefined) add(`${uid}`, `${name} of ${facts!.repository}, as a number`);
  }
  const own = facts?.user;
  if (own && own.name !== '' && own.isRoot !== true) add(own.name, `what ${facts.repository} starts as`);
  for (const name of givenOwners(stage)) add(name, 'owns files already');
  if (isScratch) add('65532:65532', 'a number, since scratch has no users');
  if (facts?.family === 'windows') {
    add('ContainerUser', 'without rights');
    add('ContainerAdministrator', 'with all rights');
  } else if (!isScratch) add(asOwner ? 'root:root' : 'root', 'with all rights');
  return [...found.values()];
}
