import { packageRole } from '../../facts/index.ts';
import { defineRule, type Report } from '../../lint/rule.ts';
import { removePackage } from '../../model/packageWords.ts';
import type { NamedPackage, PackageUse } from '../../model/packages.ts';
import {
  callNames,
  isMentioned,
  isMentionedInContext,
  isWorkbench,
  remainingPackages,
} from '../../model/shippedTools.ts';
import type { Stage } from '../../model/stage.ts';
import { startupOf } from '../../model/startup.ts';

export const debugToolsInFinalImage = defineRule({
  id: 'debug-tools-in-final-image',
  practice: 'packages',
  summary: 'Editors, tracers or network tools that nothing calls are installed in the image that ships.',
  why:
    'Tools for looking around make the image larger, show up in every vulnerability report, and serve an intruder as ' +
    'well as you. To look into a container, bring them along when needed: `docker debug`, `kubectl debug`, or a stage of ' +
    'its own (`FROM app AS debug`) that is built with `--target`. Of curl, netcat and other tools that programs and probes ' +
    'like to call, the rule only whispers, and offers to remove them where the build context is known and speaks of them nowhere.',
  severity: 'info',
  fix: 'suggestion',
  aliases: [],
  examples: [
    {
      before:
        'FROM debian:13\nRUN apt-get update && apt-get install -y nginx vim\nCMD ["nginx", "-g", "daemon off;"]\n',
      after: 'FROM debian:13\nRUN apt-get update && apt-get install -y nginx\nCMD ["nginx", "-g", "daemon off;"]\n',
    },
  ],
  check({ dockerfile, report }) {
    const { finalStage } = dockerfile;
    if (!finalStage || isWorkbench(finalStage)) return;
    for (const { use, named } of dockerfile.shippedStages.flatMap(remainingPackages)) {
      const reason = reasonFor(finalStage, named);
      if (reason === undefined || isMentioned(finalStage, callNames(use, named.name), 'everywhere')) continue;
      const isFetcher = fetchers.includes(named.name);
      // Whoever installs it alone wants it.
      if (isFetcher && use.packages.every((each) => each === named || each.name === 'ca-certificates')) continue;
      const isScripted = scripted.test(named.name);
      const mention = isScripted && isMentionedInContext(dockerfile, callNames(use, named.name));
      if (mention === true || (isScripted && mention === 'unknown' && runsUnseen(use))) continue;
      report({
        range: named.range,
        message: `${named.name} ${reason}; leave it out of the image that ships${isScripted ? ', unless the program or a probe calls it' : ''}.`,
        severity: isScripted ? 'hint' : 'info',
        ...(mention === 'unknown'
          ? { withheld: 'Only someone who knows the program and its probes can tell that nothing calls it.' }
          : repair(use, named)),
      });
    }
  },
});

const fetchers = ['curl', 'wget'];
/** Tools that scripts like to wait or probe with: judged only when all that starts can be seen. */
const scripted = /^(?:netcat|nc|nmap-ncat|socat|lsof|telnet|dnsutils|bind|iputils|net-tools|curl|wget)/;

function reasonFor(stage: Stage, named: NamedPackage): string | undefined {
  const role = packageRole(named.name);
  const isFetcher = fetchers.includes(named.name);
  // A program that shows manual pages needs them.
  if (named.name === 'man-db' || (!isFetcher && role?.kind !== 'debug-tool')) return undefined;
  const startup = startupOf(stage);
  if (scripted.test(named.name) && (startup.unseenScripts.length > 0 || startup.instructions.length === 0))
    return undefined;
  return isFetcher ? 'is called by nothing in this file' : role!.reason;
}

/** Whether a RUN behind the install runs a script, which may call anything. */
function runsUnseen({ command }: PackageUse): boolean {
  return command.stage.dockerfile.runs.some(
    (run) =>
      run.instruction.range.start >= command.run.instruction.range.start &&
      run.commands.some(
        (each) =>
          each.range.start > command.range.start &&
          (/^(?:sh|bash|make|source|\.)$|\.sh$/.test(each.name) ||
            /^"?(?:\.{0,2}\/(?!usr\/s?bin\/|s?bin\/)|\$)/.test(each.shell.nameWord?.text ?? '')),
      ),
  );
}

function repair(use: PackageUse, named: NamedPackage): Pick<Report, 'fixes' | 'withheld'> {
  const edit = removePackage(use, named);
  if (!edit) return { withheld: 'It can not be taken out of the command on its own.' };
  return {
    fixes: [
      {
        title: `Remove ${named.name}${scripted.test(named.name) ? ' (unless the program or a probe from outside calls it)' : ''}`,
        edits: [edit],
      },
    ],
  };
}
