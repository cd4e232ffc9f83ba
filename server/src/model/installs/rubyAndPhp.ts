import type { Command } from '../command.ts';
import { packageUse } from '../packages.ts';
import {
  type DependencyInstall,
  declined,
  hasUnknownOperands,
  inOneLine,
  missing,
  type NeedsAnswer,
  needs,
} from './install.ts';
import type { ProjectFolder } from './projectFolder.ts';

/** `bundle install`. */
export function bundlerInstall(command: Command): DependencyInstall | undefined {
  if (!/^bundler?$/.test(command.name) || command.hasOption('--gemfile', '--version')) return undefined;
  if (command.subcommand !== 'install' && !(command.name === 'bundle' && command.args.length === 0)) return undefined;
  const { stage, run } = command;
  if (stage.envAt(run.instruction).get('BUNDLE_GEMFILE')) return undefined;
  return {
    command,
    family: 'bundler',
    label: 'bundle install',
    isBuild: false,
    mainFiles: ['Gemfile'],
    store: /vendor\/bundle|\/bundle\b|\/gems\b/,
    needs: (folder) => gemfileNeeds(command, folder),
    customary: () => needs(['Gemfile*']),
  };
}

function gemfileNeeds(command: Command, folder: ProjectFolder): NeedsAnswer {
  const gemfile = folder.read('Gemfile');
  if (gemfile === undefined) return missing(folder, 'Gemfile');
  const text = gemfile.replace(/^\s*#.*$/gm, '');
  if (/^\s*gemspec\b/m.test(text)) return declined('the Gemfile reads a gemspec, which reads the source');
  if (/\bpath[:(]|:path\s*=>|^\s*path\s+["']/m.test(text))
    return declined('the Gemfile has a gem that is a folder of the context');
  if (
    /\beval_gemfile\b|\brequire_relative\b|\binstance_eval\b|File\.(?:read|open|expand_path|join)|Dir\[/.test(
      text.replace(/File\.read\(['"]\.ruby-version['"]\)/g, ''),
    )
  ) {
    return declined('the Gemfile reads other files');
  }
  const files = ['Gemfile', ...folder.present('Gemfile.lock', 'vendor/cache/', '.bundle/config')];
  if (/\.ruby-version/.test(text)) files.push(...folder.present('.ruby-version'));
  if (/\.tool-versions/.test(text)) files.push(...folder.present('.tool-versions'));
  const environment = command.stage.envAt(command.run.instruction);
  const settings = ['BUNDLE_FROZEN', 'BUNDLE_DEPLOYMENT'].some((name) => environment.get(name) !== undefined);
  const isFrozen =
    settings ||
    command.hasOption('--frozen', '--deployment') ||
    !folder.has('Gemfile.lock') ||
    /bundle config (?:set )?(?:--\w+ )?(?:frozen|deployment)/.test(
      command.stage.runs.map((run) => run.scriptText).join('\n'),
    );
  const scripts = command.stage.runs.map((run) => run.scriptText).join('\n');
  const configured = /bundle config (?:set )?(?:--\w+ )*path ['"]?([^\s'"&;]+)/.exec(scripts)?.[1];
  const place = environment.get('BUNDLE_PATH')?.value ?? command.optionValue('--path') ?? configured;
  const outputs =
    place !== undefined && !place.startsWith('/')
      ? [place]
      : command.hasOption('--deployment')
        ? ['vendor/bundle']
        : [];
  // Settings made on the way are replaced by those of the context.
  if (folder.existsOnDisk('.bundle') && /bundle config/.test(scripts)) outputs.push('.bundle');
  return needs(files, { outputs, caveats: isFrozen ? [] : ['Gemfile.lock stays as it is'] });
}

const composerEvents =
  /^(?:pre|post)-(?:install-cmd|autoload-dump|package-install|file-download)$|^(?:pre|post)-(?:dependencies-solving|operations-exec|pool-create)$/;

/** `composer install`. */
export function composerInstall(command: Command): DependencyInstall | undefined {
  const use = packageUse(command);
  if (use?.manager !== 'composer' || command.subcommand !== 'install' || hasUnknownOperands(command)) return undefined;
  const folder = command.optionValue('-d') ?? command.optionValue('--working-dir') ?? '.';
  const leavesOut = command.hasOption('--no-scripts') && command.hasOption('--no-autoloader');
  const added = ['--no-scripts', '--no-autoloader'].filter((option) => !command.hasOption(option));
  const kept = {
    ...command.shell,
    args: command.args.filter((word) => !/^-(?:o|a|-optimize-autoloader|-classmap-authoritative)$/.test(word.text)),
  };
  const prefetch = leavesOut ? undefined : inOneLine(kept, ...added);
  return {
    command,
    family: 'composer',
    label: 'composer install',
    isBuild: false,
    mainFiles: [`${folder}/composer.json`],
    store: /vendor/,
    needs: (project) => composerNeeds(command, project, prefetch),
    customary: () => needs(['composer.json', 'composer.lock*'], { prefetch }),
  };
}

function composerNeeds(command: Command, folder: ProjectFolder, prefetch: string | undefined): NeedsAnswer {
  const manifest = folder.readJson('composer.json') as Record<string, unknown> | undefined;
  if (manifest === undefined)
    return folder.has('composer.json') ? declined('composer.json can’t be read') : missing(folder, 'composer.json');
  const repositories = JSON.stringify(manifest['repositories'] ?? '');
  if (/"type":"(?:path|artifact)"/.test(repositories))
    return declined('composer.json has a package that is a folder of the context');
  if (/"patches(?:-file)?"/.test(JSON.stringify(manifest['extra'] ?? '')))
    return declined('composer.json patches packages with files of the context');
  const files = ['composer.json', ...folder.present('composer.lock', 'symfony.lock', 'auth.json')];
  const scripts =
    Object.keys((manifest['scripts'] as object | undefined) ?? {}).some((name) => composerEvents.test(name)) &&
    !command.hasOption('--no-scripts');
  const autoload = JSON.stringify([
    manifest['autoload'] ?? '',
    manifest['autoload-dev'] ?? '',
    manifest['config'] ?? '',
  ]);
  const dumps =
    !command.hasOption('--no-autoloader') &&
    (command.hasOption('-o', '-a', '--optimize-autoloader', '--classmap-authoritative') ||
      /"classmap"|"(?:optimize-autoloader|classmap-authoritative)":true/.test(autoload));
  return needs(files, {
    outputs: ['vendor'],
    caveats: folder.has('composer.lock') ? [] : ['without composer.lock the newest versions are taken'],
    prefetch: scripts || dumps ? prefetch : undefined,
  });
}
