import { defineRule, type FixProposal } from '../../lint/rule.ts';
import type { Command } from '../../model/command.ts';
import { insertWord, isEditable } from '../../model/scriptEdits.ts';
import { insertAt } from '../../text/edit.ts';

export const curlWithoutFail = defineRule({
  id: 'curl-without-fail',
  practice: 'packages',
  summary: 'curl without `-f` takes an error page for the file and the build goes on.',
  why:
    'For curl, an answer with status 404 or 500 is a success: it stores the error page and exits with 0. The build ' +
    'fails much later, or never, with a broken file in the image. With `-f` (`--fail`) it stops where the fault is.',
  severity: 'warning',
  fix: 'safe',
  changes: ['command-words'],
  aliases: [],
  examples: [
    {
      before:
        'FROM buildpack-deps:trixie-curl\nRUN curl -sSL -o /usr/local/bin/tini https://github.com/krallin/tini/releases/download/v0.19.0/tini\n',
      after:
        'FROM buildpack-deps:trixie-curl\nRUN curl -fsSL -o /usr/local/bin/tini https://github.com/krallin/tini/releases/download/v0.19.0/tini\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const command of dockerfile.commands('curl')) {
      const { nameWord } = command.shell;
      if (!nameWord || !isDownload(command)) continue;
      const fix = repair(command);
      report({
        range: nameWord.range,
        message:
          'curl takes an HTTP error page for the file and exits with success; add -f so that the build stops there.',
        ...(fix ? { fixes: [fix] } : {}),
      });
    }
  },
});

/** With these the exit code or the status is looked at, or may be. */
const checked = ['-f', '--fail', '--fail-with-body', '--fail-early', '-w', '--write-out', '-K', '--config'];
/** These send something, or ask for something else than the file. */
const otherThanGet = [
  ...['-d', '--data', '--data-raw', '--data-binary', '--data-ascii', '--data-urlencode', '--json'],
  ...['-F', '--form', '--form-string', '-T', '--upload-file', '-I', '--head', '-X', '--request', '-t'],
  ...['--telnet-option', '-V', '--version', '-h', '--help'],
];

/** A plain GET whose answer is wanted; the exit code is not used for anything else. */
function isDownload(command: Command): boolean {
  const { shell } = command;
  if (shell.within.some((construct) => ['if', 'while', 'guarded', 'or', 'negation'].includes(construct))) return false;
  if (command.hasOption(...checked, ...otherThanGet)) return false;
  if (shell.args.some((word) => word.text === '/dev/null')) return false;
  if (command.mayHold('-f', '--fail')) return false;
  return shell.args.some(
    (word) => /^["']?(?:https?:\/\/|\$)/i.test(word.text) || /^["']?[\w-]+(?:\.[\w-]+)+\//.test(word.text),
  );
}

function repair(command: Command): FixProposal | undefined {
  const { run, shell } = command;
  // Only flags that take no value, so that none is torn from it.
  const cluster = shell.args.find((word) => /^-[sSLkgvN]*[sSL][sSLkgvN]*$/.test(word.text));
  const edit =
    cluster && run.form !== 'exec'
      ? isEditable(run) && insertAt(cluster.range.start + 1, 'f')
      : insertWord(command, shell.nameWord!.range, '-f');
  if (!edit) return undefined;
  const isPiped = shell.within.includes('pipeline') && !run.shell.pipefail && !/\bpipefail\b/.test(run.scriptText);
  if (isPiped)
    return {
      title: 'Add -f (what reads the pipe then gets nothing; the build stops only with pipefail)',
      safety: 'suggestion',
      edits: [edit],
    };
  if (shell.within.includes('substitution'))
    return { title: 'Add -f (the value is then empty at an HTTP error)', safety: 'suggestion', edits: [edit] };
  return { title: 'Add -f: stop at an HTTP error', edits: [edit] };
}
