import { commandsOfPackage, packagesFor } from '../../facts/index.ts';
import { defineRule, type FixProposal } from '../../lint/rule.ts';
import { isEditable } from '../../model/scriptEdits.ts';
import type { Stage } from '../../model/stage.ts';
import type { Instruction } from '../../syntax/instruction.ts';
import { parseShell } from '../../syntax/shell.ts';
import { insertAfter, replace } from '../../text/edit.ts';
import type { Range } from '../../text/range.ts';

export const missingProgram = defineRule({
  id: 'missing-program',
  practice: 'metadata',
  summary: '`HEALTHCHECK`, `SHELL` or what starts calls a program that is not in the image.',
  why: [
    'Slim images have no `curl` and no `wget`, Alpine has no `bash`. A health check that calls one of them fails each time: the container runs, but is called unhealthy and replaced by whoever looks after it. A `SHELL` that is missing fails the next `RUN`, a `CMD` the start.',
    '',
    'The rule knows which of a few common tools common base images have. It is silent where anything else may bring the tool: packages that are likely to, scripts that a `RUN` runs, files that are copied into a folder of programs.',
  ].join('\n'),
  severity: 'warning',
  fix: 'suggestion',
  aliases: [],
  examples: [
    {
      before:
        'FROM node:24-slim\nRUN apt-get update && apt-get install -y --no-install-recommends tini\nHEALTHCHECK CMD curl -f http://localhost:3000/ || exit 1\nCMD ["node", "x.js"]\n',
      after:
        'FROM node:24-slim\nRUN apt-get update && apt-get install -y --no-install-recommends tini curl\nHEALTHCHECK CMD curl -f http://localhost:3000/ || exit 1\nCMD ["node", "x.js"]\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const stage of dockerfile.stages) {
      const { facts } = stage.rootBase;
      if (!facts || facts.tagStatus === 'unknown') continue;
      for (const { instruction, name, range } of stage.instructions.flatMap((each) => callsOf(stage, each))) {
        if (!tools.includes(name) || facts.has(name) !== false || mayBeBrought(stage, instruction, name)) continue;
        const what = instruction.keyword === 'HEALTHCHECK' ? 'so the check always fails' : 'so it can’t start';
        report({
          range,
          message: `${instruction.keyword} calls ${name}, which ${shortName(stage)} does not have, ${what}; install it or use what is there.`,
          fixes: fixes(stage, instruction, name),
        });
      }
    }
  },
});

/** Whether they are there is known of most images, and seldom do they come along with something else. */
const tools: readonly string[] = ['curl', 'wget', 'nc', 'netcat', 'pgrep', 'ps', 'bash', 'jq', 'telnet', 'netstat'];

interface Call {
  readonly instruction: Instruction;
  readonly name: string;
  readonly range: Range;
}

/** Programs that the instruction calls by name; of SHELL, CMD and ENTRYPOINT the first word of the JSON form. */
function callsOf(stage: Stage, instruction: Instruction): readonly Call[] {
  const { keyword, json, argsText, argsRange } = instruction;
  const call = (name: string, range: Range): Call => ({ instruction, name: name.split('/').pop()!, range });
  if (keyword === 'SHELL' || keyword === 'CMD' || keyword === 'ENTRYPOINT') {
    const first = json?.items[0];
    return first && /^(?:\/(?:usr\/)?bin\/)?[\w-]+$/.test(first.value) ? [call(first.value, first.range)] : [];
  }
  const command = /^CMD[ \t]+/i.exec(argsText)?.[0].length;
  if (keyword !== 'HEALTHCHECK' || command === undefined) return [];
  const first = json?.items[0];
  if (first) return /^(?:\/(?:usr\/)?bin\/)?[\w-]+$/.test(first.value) ? [call(first.value, first.range)] : [];
  const { dialect } = stage.shellAt(instruction);
  if (argsText.slice(command).startsWith('[') || dialect === 'cmd' || dialect === 'powershell') return [];
  const script = parseShell(argsText.slice(command), argsRange.start + command);
  if (!script.complete) return [];
  // What stands behind `||` may be the other way when a tool is missing.
  return script.commands.flatMap((each) =>
    each.nameWord && !each.within.includes('or') && !guarded(argsText, each.name)
      ? [call(each.name, each.nameWord.range)]
      : [],
  );
}

/** `curl … || wget …` tries both; `|| exit 1` does not. */
function guarded(text: string, name: string): boolean {
  const rest = text.slice(text.indexOf(name) + name.length);
  return /\|\|(?!\s*(?:\(?\s*exit\b|kill\b|false\b))/.test(rest);
}

/** Whether something in front of the instruction, or anywhere for what runs in the container, may bring the tool. */
function mayBeBrought(stage: Stage, instruction: Instruction, name: string): boolean {
  const isBuild = instruction.keyword === 'SHELL';
  return stage.chain.some(
    (each) =>
      each.runs.some((run) => {
        if (isBuild && each === stage && run.instruction.range.start > instruction.range.start) return false;
        if (run.script === undefined && run.form !== 'exec') return true;
        const { commands, installs, scriptText } = run;
        if (run.script && !run.script.complete) return true;
        if (new RegExp(`(?<![\\w.])${name}(?![\\w])`).test(scriptText)) return true;
        if (commands.some(({ name: called, shell }) => runsUnseen(called, shell.nameWord?.text))) return true;
        return installs.some(
          ({ command, packages, manager }) =>
            ['apt', 'apk', 'dnf', 'zypper', 'pacman'].includes(manager) &&
            (command.hasUnknownArguments ||
              command.hasOption('-f', '--fix-broken') ||
              packages.some((named) => brings(named.name, name, manager))),
        );
      }) ||
      each.copies.some(({ destinationPath, sources }) => {
        if (destinationPath === undefined || sources.some(({ text }) => text.includes(name))) return true;
        return /^\/(?:usr(?:\/local)?(?:\/s?bin)?|s?bin)?\/?$|(?:^|\/)(?:curl|wget|bash|nc)$/.test(destinationPath);
      }),
  );
}

function runsUnseen(name: string, written: string | undefined): boolean {
  return (
    name === '' ||
    /^(?:sh|bash|make|source|\.|ansible-playbook|dpkg|rpm|nix-env|brew|install)$|\.sh$/.test(name) ||
    /^(?:\.{1,2}\/|\/(?!usr\/s?bin\/|s?bin\/))/.test(written ?? '')
  );
}

/** Packages of which the tool is part, and those large enough to bring much else along. */
function brings(packageName: string, tool: string, manager: string): boolean {
  if (packageName.includes(tool)) return true;
  if (
    /busybox|coreutils|procps|net-tools|util-linux|task-|desktop|devscripts|build-essential|r-base|texlive|toolbox/.test(
      packageName,
    )
  )
    return true;
  return (
    (manager === 'apt' || manager === 'apk' || manager === 'dnf') && commandsOfPackage(packageName, manager).has(tool)
  );
}

function fixes(stage: Stage, instruction: Instruction, name: string): FixProposal[] {
  const found: FixProposal[] = [];
  const { facts } = stage.rootBase;
  const script = instruction.argsText;
  const asked =
    /\bcurl(?:\s+(?:-[fsSkL]+|--fail|--silent|--show-error|--location))*\s+((["']?)https?:\/\/[^\s"'|;&]+\2)/.exec(
      script,
    );
  if (name === 'curl' && facts?.has('wget') === true && asked && !instruction.json && /\s-\w*f|--fail/.test(asked[0])) {
    const start = instruction.argsRange.start + asked.index;
    found.push({
      title: 'Call wget, which the image has',
      edits: [replace({ start, end: start + asked[0].length }, `wget -q -O /dev/null ${asked[1]}`)],
    });
  }
  const manager = facts?.packageManager;
  const packages = manager === 'apt' || manager === 'apk' ? packagesFor(name, manager) : undefined;
  const use = stage.runs
    .filter((run) => instruction.keyword !== 'SHELL' || run.instruction.range.start < instruction.range.start)
    .flatMap((run) => run.installs)
    .findLast((each) => each.manager === manager && each.packages.length > 0 && each.command.shell.unconditional);
  const last = use?.packages.at(-1);
  // Removed packages, and those of a virtual group, are no place for one that stays.
  const isPlain =
    use &&
    isEditable(use.command.run) &&
    !use.command.hasOption('--virtual', '-t') &&
    !/\b(?:purge|autoremove|apk del)\b/.test(use.command.run.scriptText);
  if (packages?.[0] !== undefined && last && isPlain)
    found.push({
      title: `Install ${packages[0]} with the other packages`,
      edits: [insertAfter(last.range, ` ${packages[0]}`)],
    });
  return found;
}

function shortName(stage: Stage): string {
  const name = stage.rootBase.name.replace(/@.*/, '');
  return name.length > 40 ? 'the base image' : name;
}
