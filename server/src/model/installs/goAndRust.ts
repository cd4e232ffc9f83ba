import type { Command } from '../command.ts';
import { type DependencyInstall, declined, missing, type NeedsAnswer, needs } from './install.ts';
import type { ProjectFolder } from './projectFolder.ts';

const goBuilds: readonly string[] = ['build', 'install', 'test', 'vet', 'run'];

/** `go mod download`, and builds that download modules on the way. */
export function goInstall(command: Command): DependencyInstall | undefined {
  if (command.name !== 'go') return undefined;
  const { operands, stage, run } = command;
  const isDownload = command.subcommand === 'mod' && operands[1]?.value === 'download';
  const isBuild =
    goBuilds.includes(command.subcommand ?? '') &&
    !operands.some((word) => /@|\.go$|^(?:github\.com|golang\.org|gopkg\.in|google\.golang\.org)\//.test(word.text));
  if (!isDownload && !isBuild) return undefined;
  const environment = stage.envAt(run.instruction);
  const own = command.shell.assignments.find((assignment) => assignment.name === 'GO111MODULE')?.value;
  const modules = own ?? environment.get('GO111MODULE')?.value ?? 'on';
  const flags = `${environment.get('GOFLAGS')?.value ?? ''} ${command.optionValue('-mod') ?? ''}`;
  if (modules !== 'on' || /\bvendor\b/.test(flags)) return undefined;
  return {
    command,
    family: 'go',
    label: isDownload ? 'go mod download' : `go ${command.subcommand}`,
    isBuild,
    mainFiles: ['go.mod'],
    store: /^\/go(?:\/pkg)?\/?$|\/pkg\/mod/,
    needs: (folder) => moduleNeeds(folder, isBuild),
    customary: () => {
      const folder = stage.workdirAt(run.instruction);
      // Code below GOPATH is mostly older than modules.
      if (isBuild && (folder === undefined || folder.startsWith('/go/src/') || usesOldTools(command)))
        return { kind: 'nothing' };
      return needs(['go.mod', 'go.sum*'], { prefetch: isBuild ? 'go mod download' : undefined });
    },
  };
}

function usesOldTools(command: Command): boolean {
  const { stage } = command;
  if (
    stage.runs.some((run) =>
      /\b(?:dep ensure|glide |govendor|godep|go get|go mod (?:init|vendor)|vendor)\b/.test(run.scriptText),
    )
  )
    return true;
  const tag = stage.rootBase.facts?.repository === 'golang' ? stage.rootBase.facts.tag : undefined;
  const minor = /^1\.(\d+)/.exec(tag ?? '')?.[1];
  return tag === undefined || (minor !== undefined && Number(minor) < 16);
}

function moduleNeeds(folder: ProjectFolder, isBuild: boolean): NeedsAnswer {
  const text = folder.read('go.mod');
  if (text === undefined) return isBuild ? { kind: 'nothing' } : missing(folder, 'go.mod');
  if (isBuild && (folder.has('vendor/modules.txt') || !/^require\b/m.test(text))) return { kind: 'nothing' };
  if (folder.has('go.work')) return declined('the project is a Go workspace (go.work)');
  const files = ['go.mod', ...folder.present('go.sum')];
  for (const [, target] of text.matchAll(/=>\s*(\.{1,2}\/\S*)/g)) {
    const inside = folder.inside(target!);
    if (inside === undefined || folder.present(`${inside}/go.mod`).length === 0)
      return declined(`go.mod replaces a module by ${target}, outside of the folder that is copied`);
    files.push(...folder.present(`${inside}/go.mod`, `${inside}/go.sum`));
  }
  return needs(files, {
    prefetch: isBuild ? 'go mod download' : undefined,
    caveats: isBuild ? ['all modules of go.mod are downloaded'] : [],
  });
}

/** `cargo fetch`, and builds that download crates on the way. */
export function cargoInstall(command: Command): DependencyInstall | undefined {
  if (command.name !== 'cargo' || command.hasOption('--offline', '--manifest-path', '--frozen')) return undefined;
  const isBuild =
    ['build', 'test', 'b'].includes(command.subcommand ?? '') ||
    (command.subcommand === 'install' && command.optionValue('--path') === '.');
  if (!isBuild && command.subcommand !== 'fetch') return undefined;
  // cargo-chef and hand-made stand-ins for the source do this job already.
  if (/cargo[ -]chef|dummy|mkdir (?:-p )?(?:\S+\/)?src\b/.test(command.stage.dockerfile.text)) return undefined;
  return {
    command,
    family: 'cargo',
    label: `cargo ${command.subcommand}`,
    isBuild: true,
    mainFiles: ['Cargo.toml'],
    store: /\/\.?cargo\/?$|\/registry/,
    needs: crateNeeds,
    customary: () =>
      needs(['Cargo.toml', 'Cargo.lock*'], {
        prefetch: fetchCrates,
        caveats: ['crates are still compiled with each build'],
      }),
  };
}

/** cargo refuses a package without a source file, so it gets an empty one for as long as that takes. */
const fetchCrates = 'mkdir src && touch src/lib.rs && cargo fetch && rm -r src';

function crateNeeds(folder: ProjectFolder): NeedsAnswer {
  const text = folder.read('Cargo.toml');
  if (text === undefined) return missing(folder, 'Cargo.toml');
  if (/^\[workspace\b/m.test(text))
    return declined('the project is a Cargo workspace; cargo-chef can cache its dependencies');
  if (/\bpath\s*=\s*"/.test(text)) return declined('Cargo.toml names files or crates of the context (path = …)');
  if (/^\[\[(?:bin|example|test|bench)\]\]|^build\s*=/m.test(text))
    return declined('Cargo.toml names targets that must be there');
  if (!/^\[(?:[\w-]+\.)*(?:dev-|build-)?dependencies/m.test(text)) return { kind: 'nothing' };
  const files = [
    'Cargo.toml',
    ...folder.present('Cargo.lock', 'rust-toolchain', 'rust-toolchain.toml', '.cargo/config.toml', '.cargo/config'),
  ];
  return needs(files, {
    prefetch: fetchCrates,
    caveats: ['crates are still compiled with each build'],
  });
}
