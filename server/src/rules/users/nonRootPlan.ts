import { createdAccounts } from '../../model/accounts.ts';
import type { Copy } from '../../model/copy.ts';
import type { Stage } from '../../model/stage.ts';
import type { Instruction } from '../../syntax/instruction.ts';
import { type Edit, insertAfter, insertAt, replace } from '../../text/edit.ts';
import { inCaseOf, lineAbove, lineBelow } from '../insertLine.ts';

/** A user that the final image could run as. */
export interface Candidate {
  /** What USER says. */
  readonly user: string;
  /** What `--chown` says: understood before the user exists. */
  readonly owner: string;
  /** Shell commands of a RUN that create it; undefined when it is there already. */
  readonly commands: string | undefined;
  /** Part of the title that says where it comes from. */
  readonly origin: string;
}

/** Users to choose from, the most fitting first. Empty when the image is not known well enough. */
export function candidates(stage: Stage): readonly Candidate[] {
  const found: Candidate[] = [];
  for (const account of [...createdAccounts(stage)].reverse()) {
    // An account made for a daemon or for a login tool is not meant to run the service.
    if (/^(?:root|nobody|sshd|git|jenkins|postgres|mysql|redis)$/.test(account.name)) continue;
    const owner = account.group ? `${account.name}:${account.group}` : account.name;
    found.push({ user: account.name, owner, commands: undefined, origin: 'which this Dockerfile creates' });
  }
  const facts = stage.rootBase.facts;
  for (const ready of facts?.readyUsers ?? []) {
    if (found.some((each) => each.user === ready.name)) continue;
    const owner =
      ready.gid !== undefined && ready.uid !== undefined
        ? `${ready.name}:${ready.gid === ready.uid ? ready.name : ready.gid}`
        : ready.name;
    found.push({ user: ready.name, owner, commands: undefined, origin: `a user of the image ${facts!.repository}` });
    break;
  }
  const recipe = facts?.userRecipe;
  if (recipe && found.length === 0) {
    const owner = recipe.uid === undefined ? recipe.user : `${recipe.uid}:${recipe.uid}`;
    const origin = recipe.commands
      ? 'created for it'
      : recipe.kind === 'numeric'
        ? 'a number, since nothing can be run here'
        : 'which Windows brings';
    found.push({ user: recipe.user, owner, commands: recipe.commands, origin });
  }
  if (found.length === 0 && stage.rootBase.isScratch) {
    found.push({
      user: '65532:65532',
      owner: '65532:65532',
      commands: undefined,
      origin: 'a number, since scratch has no users',
    });
  }
  return found;
}

/** Instructions that would do their work as the new user if USER stood in front of them. */
const worksAsUser: readonly string[] = ['RUN', 'COPY', 'ADD', 'WORKDIR', 'VOLUME', 'ONBUILD', 'SHELL', 'USER'];

/**
 * The edits that make the final image run as the candidate: USER behind everything that builds and in front of CMD and
 * ENTRYPOINT, `--chown` on the copies whose files the program finds in its own folder, and the user itself where it has
 * to be made.
 */
export function nonRootEdits(stage: Stage, candidate: Candidate): Edit[] {
  const { dockerfile } = stage;
  const edits: Edit[] = [];
  const folder = ownFolder(stage);
  const commands = [candidate.commands, ownFolderCommand(stage, folder, candidate)].filter(
    (each) => each !== undefined,
  );
  // In front of USER also when both come behind FROM: edits at one place are made in order.
  if (candidate.commands && commands.length === 1) {
    edits.push(lineBelow(dockerfile, afterArguments(stage), `${inCaseOf(stage.from, 'RUN')} ${candidate.commands}`));
  } else if (commands.length > 0) {
    const workdir = stage.instructions.findLast((each) => each.keyword === 'WORKDIR')!;
    edits.push(
      insertAfter(workdir.range, `${dockerfile.lineBreak}${inCaseOf(stage.from, 'RUN')} ${commands.join(' && ')}`),
    );
  }
  const last = stage.instructions.findLast((each) => worksAsUser.includes(each.keyword));
  const userLine = `${inCaseOf(stage.from, 'USER')} ${candidate.user}`;
  if (last?.keyword === 'USER' && last.words[0] && !last.words[0].split)
    edits.push(replace(last.words[0].range, candidate.user));
  else {
    const from = last ? stage.instructions.indexOf(last) + 1 : 0;
    const starter = stage.instructions
      .slice(from)
      .find((each) => each.keyword === 'CMD' || each.keyword === 'ENTRYPOINT');
    if (starter) edits.push(lineAbove(dockerfile, starter, userLine));
    else edits.push(lineBelow(dockerfile, stage.instructions.at(-1) ?? stage.from, userLine));
  }
  if (stage.rootBase.facts?.family !== 'windows' && folder !== undefined) {
    for (const copy of copiesInto(stage, folder))
      edits.push(insertAt(copy.instruction.keywordRange.end, ` --chown=${candidate.owner}`));
  }
  return edits;
}

/** The folder that the program starts in, when this file makes it. */
function ownFolder(stage: Stage): string | undefined {
  const folder = stage.workdirAt('end');
  if (
    folder === undefined ||
    folder === '/' ||
    /^\/(?:etc|usr|bin|sbin|lib|dev|proc|sys|root|opt|var|tmp|home)\/?$/.test(folder)
  )
    return undefined;
  return stage.instructions.some((each) => each.keyword === 'WORKDIR') ? folder : undefined;
}

/** The program may make files in the folder it starts in, so the folder itself becomes the user's (what is in it does not). */
function ownFolderCommand(stage: Stage, folder: string | undefined, candidate: Candidate): string | undefined {
  const canRun =
    stage.rootBase.facts?.shell !== 'none' && !stage.rootBase.isScratch && stage.rootBase.facts?.family !== 'windows';
  const workdir = stage.instructions.findLast((each) => each.keyword === 'WORKDIR');
  // Another user could not give the folder away; BuildKit has made it that user's own.
  const isRootThere = workdir === undefined || stage.effectiveUserAt(workdir).isRoot === true;
  return folder !== undefined && canRun && isRootThere && stage.shellAt('end').dialect !== 'unknown'
    ? `chown ${candidate.owner} ${folder}`
    : undefined;
}

function copiesInto(stage: Stage, folder: string): readonly Copy[] {
  return stage.copies.filter((copy) => {
    const path = copy.destinationPath?.replace(/\/$/, '');
    return path !== undefined && (path === folder || path.startsWith(`${folder}/`)) && copy.chown === undefined;
  });
}

/** The last of the ARGs and ENVs that directly follow FROM: the earliest place where a RUN reads well. */
function afterArguments(stage: Stage): Instruction {
  let place: Instruction = stage.from;
  for (const instruction of stage.instructions) {
    if (!['ARG', 'ENV', 'LABEL', 'MAINTAINER', 'SHELL'].includes(instruction.keyword)) break;
    place = instruction;
  }
  return place;
}
