import type { Command } from '../../model/command.ts';
import type { InstallNeeds } from '../../model/installs/index.ts';
import { type Edit, insertAfter } from '../../text/edit.ts';
import type { LateInstall } from './sourceCopies.ts';

/** With more files, a COPY reads better. */
const mostMounts = 4;

/**
 * The flags that show the manifests to the install alone: `--mount=type=bind,source=package.json,target=package.json`.
 * A mount is read-only and there for that RUN only, so: the install must not write its lock file, the files must be
 * known by name, and no other RUN may stand between them and the install. Undefined where that does not hold.
 */
export function manifestMounts(late: LateInstall, needed: InstallNeeds, files: readonly string[]): Edit[] | undefined {
  const { run, install, project, source, imageFolder } = late;
  const { instruction, stage } = run;
  if (!project || needed.prefetch !== undefined || !leavesLockFile(install.command)) return undefined;
  if (files.length === 0 || files.length > mostMounts || files.some((file) => !/^[\w./@+-]+$/.test(file)))
    return undefined;
  // A relative target is below the working directory.
  if (stage.workdirAt(instruction) !== imageFolder || stage.workdirAt(source.copy.instruction) !== imageFolder)
    return undefined;
  const between = stage.runs.some(
    (each) =>
      each.instruction.range.start > source.copy.instruction.range.start &&
      each.instruction.range.start < instruction.range.start,
  );
  const paths = files.map((file) => project.inContext(file));
  if (between || paths.some((path) => path === undefined || !/^[\w./@+-]+$/.test(path))) return undefined;
  const flags = files.map(
    (file, index) => `--mount=type=bind,source=${paths[index]!.replace(/\/$/, '')},target=${file.replace(/\/$/, '')}`,
  );
  return [insertAfter(instruction.flags.at(-1)?.range ?? instruction.keywordRange, ` ${flags.join(' ')}`)];
}

/** Installs that only read what lists the dependencies. */
function leavesLockFile(command: Command): boolean {
  const { name, subcommand } = command;
  if (name === 'npm') return ['ci', 'clean-install'].includes(subcommand ?? '');
  if (/^pip[\d.]*$/.test(name)) return subcommand === 'install';
  if (name === 'yarn' || name === 'pnpm') return command.hasOption('--frozen-lockfile', '--immutable');
  if (name === 'uv') return subcommand === 'sync' && command.hasOption('--frozen', '--locked');
  if (name === 'go') return subcommand === 'mod' && command.args.some((word) => word.value === 'download');
  return false;
}
