import type { Command } from '../../model/command.ts';
import { pathIn } from '../../model/download.ts';
import type { Run } from '../../model/run.ts';
import { isEditable } from '../../model/scriptEdits.ts';

/**
 * What a RUN's container gives to each RUN afresh besides the shell's state, and merged RUNs would share. Each function
 * gives the reason in words, undefined when there is none.
 */

/** Why a RUN can't be merged with any other. */
export function obstacleIn(run: Run): string | undefined {
  const { script, shell } = run;
  if (run.form !== 'shell' || !isEditable(run) || !script)
    return 'only scripts of a POSIX shell that are written out can be joined';
  if (!['posix', 'bash', 'ash'].includes(shell.dialect)) return 'its shell is not known well enough';
  if (looksLikeWindows(run.scriptText)) return 'it reads like a script of Windows';
  const last = script.statements.at(-1);
  if (!last) return 'it is empty';
  // What is left behind the last statement is a `;`, or a comment of the shell that would swallow what follows.
  if (!/^\s*;?\s*$/.test(run.scriptText.slice(last.range.end - script.range.start)))
    return 'a comment of the shell ends it';
  if (script.commands.some((command) => command.redirects.some((redirect) => /^<<-?$/.test(redirect.operator)))) {
    return 'a heredoc of the shell takes what follows for its text';
  }
  if (readsProfile(run)) return 'its shell reads a profile at each start';
  const mount = run.mounts.find((each) => each.type === 'tmpfs' || (each.type === 'bind' && isWritable(each.options)));
  if (mount) return 'what it writes to a mount is gone in the next RUN';
  return undefined;
}

/** Why two RUNs can't share a shell, one after the other, although each could be merged. */
export function obstacleBetween(first: Run, second: Run): string | undefined {
  if (flagsOf(first) !== flagsOf(second)) return 'their flags differ';
  const gap = { start: first.instruction.range.end, end: second.instruction.range.start };
  const pragma = first.stage.dockerfile.comments.find(
    (comment) =>
      !comment.inside && comment.range.start >= gap.start && comment.range.end <= gap.end && isPragma(comment.text),
  );
  if (pragma) return 'a comment between them speaks to a tool about the one below it';
  const command = first.commands.find((each) => startsDaemon(each) || replacesShell(each));
  if (command)
    return startsDaemon(command)
      ? `what ${command.name} starts would live on`
      : 'the first changes the shell of the second';
  if (/\/etc\/(?:hosts|hostname|resolv\.conf)\b|\/dev\/shm\b|\/proc\/sys\b|\bsysctl\b/.test(first.scriptText)) {
    return 'what it changes is set back for each RUN';
  }
  if (first.commands.some(removesWorkdir))
    return 'the second finds its working directory again, the same script does not';
  const upgraded = first.installs.find((use) => {
    const { name } = use.command;
    const itself = use.packages.some((each) => each.name === use.manager || each.name === name);
    return itself && second.commands.some((each) => each.name === name);
  });
  // The shell remembers where it found the old program.
  if (upgraded) return `${upgraded.command.name} replaces itself, and the same shell would go on with the old one`;
  return undefined;
}

/** `rm -rf /build` in `WORKDIR /build`: for the next RUN the directory is made anew. */
function removesWorkdir(command: Command): boolean {
  if (command.name !== 'rm') return false;
  const workdir = command.stage.workdirAt(command.run.instruction);
  return command.operands.some((word) => {
    const path = word.value === undefined ? undefined : pathIn(command, word.value)?.replace(/\/$/, '');
    return path !== undefined && workdir !== undefined && `${workdir}/`.startsWith(`${path}/`);
  });
}

function flagsOf(run: Run): string {
  const { dockerfile } = run.stage;
  return run.instruction.flags
    .map((flag) => dockerfile.slice(flag.range))
    .sort()
    .join(' ');
}

function isWritable(options: Readonly<Record<string, string>>): boolean {
  return (
    ['rw', 'readwrite'].some((name) => Object.hasOwn(options, name) && options[name] !== 'false') ||
    options['ro'] === 'false' ||
    options['readonly'] === 'false'
  );
}

/** Of a base image that is not known, the script alone tells that its shell is no POSIX one. */
function looksLikeWindows(text: string): boolean {
  return /\b(?:powershell|pwsh|msiexec)\b|\b[A-Za-z]:\\|%\w+%|\bstart \/w/i.test(text);
}

/** A login or interactive shell, or a bash told by BASH_ENV: an earlier RUN may have changed what it reads. */
function readsProfile(run: Run): boolean {
  const { words, dialect } = run.shell;
  if (words?.slice(1).some((word) => /^-[a-zA-Z]*[li]|^--(?:login|rcfile|init-file)\b/.test(word))) return true;
  return dialect === 'bash' && run.stage.envAt(run.instruction).get('BASH_ENV') !== undefined;
}

/** Comments that tools read; they belong directly above an instruction. */
function isPragma(text: string): boolean {
  return /^(?:hadolint|plimsoll|check\s*=|shellcheck|trivy:|checkov:|kics-scan|nosemgrep|nosonar|tally|dockerfile-lint|renovate:|syntax\s*=)/i.test(
    text,
  );
}

const daemonStarters: readonly string[] = [
  ...[
    'service',
    'systemctl',
    'start-stop-daemon',
    'rc-service',
    'supervisord',
    'runsvdir',
    's6-svscan',
    'Xvfb',
    'dockerd',
  ],
  ...['pg_ctl', 'pg_ctlcluster', 'mysqld', 'mysqld_safe', 'mariadbd', 'mongod', 'redis-server', 'nginx', 'apachectl'],
  ...[
    'apache2ctl',
    'httpd',
    'sshd',
    'slapd',
    'crond',
    'cron',
    'ssh-agent',
    'dbus-launch',
    'dbus-daemon',
    'rabbitmq-server',
  ],
  ...['setsid', 'daemonize', 'screen', 'tmux', 'memcached', 'start-dfs.sh', 'catalina.sh', 'startup.sh'],
];

function startsDaemon(command: Command): boolean {
  if (
    /\/init\.d\//.test(command.shell.nameWord?.text ?? '') ||
    command.shell.wrappers.some((word) => word.value === 'nohup')
  )
    return true;
  if (daemonStarters.includes(command.name))
    return !command.hasOption('-t', '-T', '-v', '-V', '--version', 'configtest', 'enable', 'disable');
  return command.hasOption('--daemonize', '--daemon', '--fork', '--background');
}

const fileChangers: readonly string[] = [
  'ln',
  'cp',
  'mv',
  'rm',
  'install',
  'unlink',
  'update-alternatives',
  'dpkg-divert',
  'busybox',
];

/** `ln -sf /bin/bash /bin/sh`, `dpkg-reconfigure dash`: the next RUN starts another shell, the same script does not. */
function replacesShell(command: Command): boolean {
  const texts = command.args.map((word) => word.value ?? word.text);
  if (['dpkg-reconfigure', 'debconf-set-selections', 'echo', 'chsh'].includes(command.name)) {
    return texts.some((text) => /\bdash\b/.test(text)) || command.name === 'chsh';
  }
  if (!fileChangers.includes(command.name)) return false;
  return texts.some((text) => /(?:^|\/)(?:sh|bash|dash|ash)$/.test(text) || text === '--install');
}
