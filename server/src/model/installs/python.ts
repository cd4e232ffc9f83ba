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

/** `pip install -r`, `uv pip install -r`, `uv sync`, `poetry install`, `pipenv install`. */
export function pythonInstall(command: Command): DependencyInstall | undefined {
  const use = packageUse(command);
  if (!use || use.action !== 'install') return undefined;
  const { subcommand } = command;
  const base = { command, family: 'python', isBuild: false, store: /site-packages|\.venv|\/venv/ };
  if (use.manager === 'pip' || (use.manager === 'uv' && subcommand === 'pip'))
    return requirementsInstall(command, use.manager);
  if (!use.fromManifest || hasUnknownOperands(command)) return undefined;
  if (use.manager === 'pipenv') {
    return {
      ...base,
      label: `pipenv ${subcommand}`,
      mainFiles: ['Pipfile'],
      needs: (folder) => pipenvNeeds(command, folder),
      customary: () => needs(['Pipfile*'], { outputs: [] }),
    };
  }
  if (use.manager !== 'poetry' && use.manager !== 'uv') return undefined;
  const { manager } = use;
  const place = command.optionValue(manager === 'uv' ? '--project' : '-C') ?? command.optionValue('--directory') ?? '.';
  const lock = manager === 'uv' ? 'uv.lock' : 'poetry.lock';
  const without = manager === 'uv' ? '--no-install-project' : '--no-root';
  const skipsProject = command.hasOption(without, '--no-install-workspace', '--only-root');
  const prefetch = skipsProject ? undefined : inOneLine(command.shell, without);
  return {
    ...base,
    label: `${manager} ${subcommand}`,
    mainFiles: [`${place}/pyproject.toml`],
    needs: (folder) => projectNeeds(manager, folder, lock, prefetch),
    customary: () => needs(['pyproject.toml', `${lock}*`], { prefetch }),
  };
}

function requirementsInstall(command: Command, manager: 'pip' | 'uv'): DependencyInstall | undefined {
  const files = optionValues(command, '-r', '--requirement', '--requirements');
  if (manager === 'uv' && command.operands[1]?.value === 'sync')
    files.push(...command.operands.slice(2).map((word) => word.value));
  const constraints = optionValues(command, '-c', '--constraint', '--constraints');
  const all = [...files, ...constraints];
  if (files.length === 0 || all.some((file) => file === undefined || /^https?:/.test(file) || /[*?]/.test(file)))
    return undefined;
  // `install -r x` of a variable's value: what it reads can't be told.
  const named = all as string[];
  const local = command.operands
    .slice(manager === 'uv' ? 2 : 1)
    .find((word) => word.value === undefined || /^\.|^\/|\.whl$/.test(word.value));
  const editable = optionValues(command, '-e', '--editable').find(
    (value) => value === undefined || !/^(?:git|hg|svn|bzr)\+/.test(value),
  );
  const blocked =
    local ?? (command.hasOption('-e', '--editable') && editable !== undefined ? command.optionWord('-e') : undefined);
  const target = command.optionValue('-t') ?? command.optionValue('--target') ?? command.optionValue('--prefix');
  const outputs = target !== undefined && !target.startsWith('/') ? [target] : [];
  const isList = manager === 'uv' && command.operands[1]?.value === 'sync';
  return {
    command,
    family: `pip ${named.join(' ')}`,
    label: `${manager === 'uv' ? 'uv pip' : 'pip'} ${isList ? 'sync' : (command.operands[manager === 'uv' ? 1 : 0]?.value ?? 'install')}`,
    isBuild: false,
    mainFiles: named,
    anywhere: true,
    store: /site-packages|\/venv|\.venv|\/wheels/,
    needs: (folder, paths) =>
      blocked ? declined('the project itself is installed with it') : readRequirements(folder, paths, outputs),
    customary: (paths) =>
      blocked
        ? declined('the project itself is installed with it')
        : needs(
            paths.map((path) => path),
            { outputs },
          ),
  };
}

function optionValues(command: Command, ...names: readonly string[]): (string | undefined)[] {
  const found: (string | undefined)[] = [];
  for (const [index, word] of command.args.entries()) {
    const text = word.value ?? word.text;
    if (names.includes(text)) found.push(command.args[index + 1]?.value);
    else {
      const long = names.find((name) => text.startsWith(`${name}=`));
      const glued = names.find(
        (name) => name.length === 2 && text.startsWith(name) && text.length > 2 && !text.startsWith('--'),
      );
      if (long !== undefined) found.push(word.value?.slice(long.length + 1));
      else if (glued !== undefined) found.push(word.value?.slice(2));
    }
  }
  return found;
}

/** Follows `-r` and `-c` through the requirement files. */
function readRequirements(folder: ProjectFolder, paths: readonly string[], outputs: readonly string[]): NeedsAnswer {
  const files: string[] = [];
  const caveats: string[] = [];
  const pending = [...paths];
  for (let path = pending.shift(); path !== undefined; path = pending.shift()) {
    if (files.includes(path)) continue;
    const text = folder.read(path);
    if (text === undefined) return missing(folder, path);
    files.push(path);
    const own = path.slice(0, path.lastIndexOf('/') + 1);
    for (const raw of text.replace(/\\\r?\n/g, ' ').split(/\r?\n/)) {
      const line = raw.replace(/(?:^|\s)#.*$/, '').trim();
      const include = /^(?:-r|-c|--requirement|--constraint)[\s=]*(\S+)/.exec(line)?.[1];
      if (include !== undefined) {
        if (/^https?:/.test(include)) continue;
        const inside = folder.inside(own + include);
        if (inside === undefined) return declined(`${path} includes ${include}, outside of the folder that is copied`);
        pending.push(inside);
      } else if (/^(?:-f|--find-links)[\s=]*\S+/.test(line)) {
        const place = /^(?:-f|--find-links)[\s=]*(\S+)/.exec(line)![1]!;
        if (/^https?:/.test(place)) continue;
        const inside = folder.inside(place);
        if (inside === undefined || !folder.isDirectory(inside))
          return declined(`${path} looks for packages in ${place}`);
        files.push(`${inside}/`);
      } else if (/^(?:-e|--editable)/.test(line)) {
        if (!/^(?:-e|--editable)[\s=]*(?:git|hg|svn|bzr)\+/.test(line))
          return declined(`${path} installs the project itself (${line})`);
        caveats.push('pip checks out source into the project’s folder');
      } else if (/^(?:\.{1,2}(?:\/|$)|file:|\/)|@\s*file:|^[\w./-]+\.(?:whl|tar\.gz|zip)(?:\s|$)/.test(line)) {
        const archive = /^(\S+\.(?:whl|tar\.gz|zip))/.exec(line)?.[1];
        const inside = archive === undefined ? undefined : folder.inside(archive);
        if (inside === undefined || folder.present(inside).length === 0)
          return declined(`${path} installs a folder of the context (${line})`);
        files.push(inside);
      }
    }
  }
  return needs(files, { outputs, caveats });
}

function projectNeeds(
  manager: 'poetry' | 'uv',
  folder: ProjectFolder,
  lock: string,
  prefetch: string | undefined,
): NeedsAnswer {
  const text = folder.read('pyproject.toml');
  if (text === undefined) return missing(folder, 'pyproject.toml');
  if (/\bpath\s*=\s*["']|file:\/\/|^\s*develop\s*=|\burl\s*=\s*["'](?!https?:)|^\s*find-links\s*=/m.test(text))
    return declined('pyproject.toml has a dependency that is a folder of the context');
  if (/^\[tool\.uv\.workspace\]|workspace\s*=\s*true/m.test(text)) return declined('the project is a uv workspace');
  const extra = manager === 'uv' ? ['.python-version', 'uv.toml'] : ['poetry.toml'];
  const files = ['pyproject.toml', ...folder.present(lock, ...extra)];
  const isPackage =
    manager === 'uv'
      ? /^\[build-system\]/m.test(text) && !/^\s*package\s*=\s*false/m.test(text)
      : !/^\s*package-mode\s*=\s*false/m.test(text);
  const caveats = folder.has(lock) ? [] : [`without ${lock} the newest versions are taken once more`];
  return needs(files, {
    outputs:
      manager === 'uv' || folder.existsOnDisk('.venv') || /in-project\s*=\s*true/.test(folder.read('poetry.toml') ?? '')
        ? ['.venv']
        : [],
    caveats,
    prefetch: isPackage ? prefetch : undefined,
  });
}

function pipenvNeeds(command: Command, folder: ProjectFolder): NeedsAnswer {
  const text = folder.read('Pipfile');
  if (text === undefined) return missing(folder, 'Pipfile');
  if (/\bpath\s*=|editable\s*=\s*true/.test(text))
    return declined('Pipfile has a dependency that is a folder of the context');
  const isFrozen =
    command.subcommand === 'sync' || command.hasOption('--deploy', '--ignore-pipfile') || !folder.has('Pipfile.lock');
  return needs(['Pipfile', ...folder.present('Pipfile.lock')], {
    outputs: folder.existsOnDisk('.venv') ? ['.venv'] : [],
    caveats: isFrozen ? [] : ['Pipfile.lock stays as it is'],
  });
}
