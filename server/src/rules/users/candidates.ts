import { type Account, createdAccounts, givenOwners } from '../../model/accounts.ts';
import type { Stage } from '../../model/stage.ts';
import { startupOf } from '../../model/startup.ts';
import { isRootName } from '../../model/user.ts';

/** A user that the final image could run as. */
export interface Candidate {
  /** What USER says. */
  readonly user: string;
  /** `user:group` by name; the numbers where there is no name. */
  readonly owner: string;
  /** The same in numbers, understood before the user exists and without an account database; undefined when not known. */
  readonly numericOwner: string | undefined;
  /** The account of this Dockerfile; undefined when the user was there before, or is made by `commands`. */
  readonly account: Account | undefined;
  /** Shell commands of a RUN that create it; undefined when it is there already. */
  readonly commands: string | undefined;
  /** Part of the title that says where it comes from. */
  readonly origin: string;
}

/** Accounts that are made for a daemon or a login tool are not meant to run the service. */
const notForServices = /^(?:root|nobody|sshd|git|jenkins|postgres|mysql|redis)$/;

/** Users to choose from, the most fitting first. Empty when the image is not known well enough. */
export function candidates(stage: Stage): readonly Candidate[] {
  const found: Candidate[] = [];
  const add = (candidate: Candidate): void => {
    if (!found.some((each) => each.user === candidate.user)) found.push(candidate);
  };
  const accounts = createdAccounts(stage);
  const named = (name: string, origin: string): Candidate => {
    const account = accounts.findLast((each) => each.name === name);
    if (account) return ofAccount(account, origin);
    const isNumber = /^\d+(?::\d+)?$/.test(name);
    return { user: name, owner: name, numericOwner: isNumber ? name : undefined, account, commands: undefined, origin };
  };
  const before = userBefore(stage);
  if (before !== undefined) add(named(before, 'as before USER root'));
  const owner = givenOwners(stage).find((name) => !notForServices.test(name) && !isRootName(name));
  const isMadeHere = accounts.some((account) => account.name === owner);
  if (owner !== undefined && (isMadeHere || accounts.length === 0)) add(named(owner, 'which owns files already'));
  for (const account of [...accounts].reverse()) {
    if (!notForServices.test(account.name)) add(ofAccount(account, 'which this Dockerfile creates'));
  }
  const { facts } = stage.rootBase;
  const ready = facts?.readyUsers[0];
  if (ready) {
    const { name, uid, gid } = ready;
    const group = gid === undefined || uid === undefined ? undefined : gid === uid ? name : `${gid}`;
    add({
      user: name,
      owner: group === undefined ? name : `${name}:${group}`,
      numericOwner: uid === undefined ? undefined : `${uid}:${gid ?? uid}`,
      account: undefined,
      commands: undefined,
      origin: 'a user of the base image',
    });
  }
  if (found.length === 0 && /^containeradministrator$/i.test(stage.effectiveUserAt('end').user ?? ''))
    add(named('ContainerUser', 'which Windows brings'));
  const recipe = facts?.userRecipe;
  if (recipe && found.length === 0) {
    const number = recipe.uid === undefined ? undefined : `${recipe.uid}:${recipe.uid}`;
    const origin = recipe.commands
      ? 'created for it'
      : recipe.kind === 'numeric'
        ? 'a number, since nothing can be run here'
        : 'which Windows brings';
    add({
      user: recipe.user,
      owner: number ?? recipe.user,
      numericOwner: number,
      account: undefined,
      commands: recipe.commands && needsHome(stage) ? withHome(recipe.commands) : recipe.commands,
      origin,
    });
  }
  if (found.length === 0 && stage.rootBase.isScratch)
    add({ ...named('65532:65532', 'a number, since scratch has no users') });
  return found;
}

function ofAccount(account: Account, origin: string): Candidate {
  const { name, uid, group } = account;
  const isNumber = (text: string | undefined): text is string => text !== undefined && /^\d+$/.test(text);
  return {
    user: name,
    owner: group ? `${name}:${group}` : name,
    // Of a group that is named only, the number is not known.
    numericOwner: isNumber(uid) ? (isNumber(group) ? `${uid}:${group}` : uid) : undefined,
    account,
    commands: undefined,
    origin,
  };
}

/** The user that the image ran as before the last USER made it root: set in this file, or by its base image. */
function userBefore(stage: Stage): string | undefined {
  if (!stage.effectiveUserAt('end').source) return undefined;
  for (const each of stage.chain) {
    const users = each.instructions.filter(({ keyword }) => keyword === 'USER');
    for (const instruction of users.reverse()) {
      const text = instruction.words[0]?.text;
      const value = text === undefined ? undefined : each.envAt(instruction).expand(text, instruction.escape);
      if (value === undefined || value === '') return undefined;
      // As written, so that a build argument keeps its say.
      if (!isRootName(value.split(':')[0]!)) return /\$/.test(text!) && each !== stage ? value : text;
    }
  }
  const user = stage.rootBase.facts?.user;
  return user?.isRoot === false && user.name !== '' ? user.name : undefined;
}

/** Programs that keep caches or settings in the home of whoever starts them. */
const homeUsers =
  /\b(?:npm|npx|yarn|yarnpkg|pnpm|bunx?|corepack|deno|dotnet|mvnw?|gradlew?|pipenv|poetry|uvx?|pdm|hatch|streamlit|jupyter(?:-\w+)?|bundle|julia|sbt|lein|mix|elixir|cargo|go|helm|kubectl|aws|gcloud|az|chrom(?:e|ium)\S*|playwright|celery|airflow|ansible\S*)\b|~\/|\$\{?HOME\b/;

function needsHome(stage: Stage): boolean {
  return homeUsers.test(startupOf(stage).text);
}

function withHome(commands: string): string {
  return commands.replace(' --no-create-home', ' --create-home').replace(' -D -H ', ' -D ');
}
