import type { Command } from './command.ts';
import type { Stage } from './stage.ts';

/** A user that a RUN creates. */
export interface Account {
  readonly name: string;
  /** As given with `--uid`; undefined when the system chooses it. */
  readonly uid: string | undefined;
  /** Its primary group as given; undefined for one of its own name. */
  readonly group: string | undefined;
  readonly command: Command;
}

/** Users that the RUNs of the stage and of the stages it is built FROM create, oldest first. Literal names only. */
export function createdAccounts(stage: Stage): readonly Account[] {
  return [...stage.chain]
    .reverse()
    .flatMap((each) => each.runs.flatMap((run) => run.commands.flatMap((command) => accountOf(command) ?? [])));
}

/**
 * Users to whom the stage and those it is built FROM give files: `--chown` of their copies and `chown` in their RUNs, the
 * most frequent first. Literal names and numbers only, without the group.
 */
export function givenOwners(stage: Stage): readonly string[] {
  const counts = new Map<string, number>();
  const count = (owner: string | undefined): void => {
    const name = owner?.split(/[:.]/)[0];
    if (name !== undefined && /^[\w-]+$/.test(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
  };
  for (const each of stage.chain) {
    for (const copy of each.copies) {
      const { chown } = copy;
      count(chown === undefined ? undefined : each.envAt(copy.instruction).expand(chown, copy.instruction.escape));
    }
    for (const command of each.commands('chown')) {
      if (!command.hasOption('--reference', '--from')) count(command.operands[0]?.value);
    }
  }
  return [...counts].sort((a, b) => b[1] - a[1]).map(([name]) => name);
}

function accountOf(command: Command): Account | undefined {
  if (command.name !== 'useradd' && command.name !== 'adduser') return undefined;
  const operands = command.operands.map((word) => word.value);
  // `adduser user group` puts an existing user into a group; useradd names the user last.
  const name = operands.length === 1 ? operands[0] : undefined;
  if (
    name === undefined ||
    !/^[a-z_][\w.-]*\$?$/i.test(name) ||
    (command.hasOption('-D', '--defaults') && command.name === 'useradd')
  ) {
    return undefined;
  }
  const uid = command.optionValue('-u') ?? command.optionValue('--uid');
  const group = command.optionValue('-g') ?? command.optionValue('--gid') ?? command.optionValue('--ingroup');
  // busybox adduser's -g is the comment field, -G the group.
  const busybox = command.name === 'adduser' && command.hasOption('-D', '-S', '-H');
  return { name, uid, group: busybox ? command.optionValue('-G') : group, command };
}

/** Whether the account database of the stage may hold users that can't be seen: something else writes it. */
export function mayHoldOtherAccounts(stage: Stage): boolean {
  return stage.chain.some(
    (each) =>
      each.runs.some((run) => run.script === undefined || !run.script.complete || run.commands.some(writesAccounts)) ||
      each.copies.some((copy) => {
        const path = copy.destinationPath;
        return path === undefined || /^\/(?:etc\/?(?:passwd)?)?$/.test(path);
      }),
  );
}

/** Package installs run scripts that create users; so do redirects into the file and scripts that are not seen. */
function writesAccounts(command: Command): boolean {
  if (
    ['apt-get', 'apt', 'apk', 'yum', 'dnf', 'microdnf', 'zypper', 'tdnf', 'dpkg', 'rpm', 'pacman'].includes(
      command.name,
    )
  )
    return true;
  if (['useradd', 'adduser', 'usermod', 'newusers', 'vipw', 'systemd-sysusers'].includes(command.name))
    return accountOf(command) === undefined;
  if (
    ['sh', 'bash', 'source', '.', 'make', 'ansible-playbook'].includes(command.name) ||
    /[./]/.test(command.shell.nameWord?.text ?? '.')
  )
    return true;
  return [...command.args, ...command.shell.redirects.map((redirect) => redirect.target)].some((word) =>
    word?.text.includes('/etc/passwd'),
  );
}
