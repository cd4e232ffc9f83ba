import type { Command } from '../command.ts';
import { type DependencyInstall, declined, hasUnknownOperands, missing, type NeedsAnswer, needs } from './install.ts';
import type { ProjectFolder } from './projectFolder.ts';

const projectFile = /\.(?:cs|fs|vb)proj$/i;
const solutionFile = /\.slnx?$/i;

/** `dotnet restore`, and builds that restore on the way. */
export function dotnetInstall(command: Command): DependencyInstall | undefined {
  if (command.name !== 'dotnet' || hasUnknownOperands(command)) return undefined;
  const isRestore = command.subcommand === 'restore';
  const isBuild =
    ['build', 'publish', 'test', 'pack'].includes(command.subcommand ?? '') &&
    !command.hasOption('--no-restore', '--no-build');
  if ((!isRestore && !isBuild) || command.stage.commands('nuget', 'restore').length > 0) return undefined;
  const operand = command.operands[1]?.value?.replaceAll('\\', '/');
  const isFile = operand !== undefined && (projectFile.test(operand) || solutionFile.test(operand));
  const prefetch = isBuild
    ? ['dotnet restore', ...(operand === undefined ? [] : [command.operands[1]!.text]), ...runtime(command)].join(' ')
    : undefined;
  return {
    command,
    family: 'dotnet',
    label: `dotnet ${command.subcommand}`,
    isBuild,
    mainFiles: [isFile ? operand : `${operand ?? '.'}/*.csproj`],
    anywhere: true,
    store: /\.nuget/,
    needs: (folder, [path]) => dotnetNeeds(folder, path!, prefetch),
    customary: ([path]) =>
      solutionFile.test(path!)
        ? declined('which projects the solution has is not known')
        : needs([path!], { prefetch, caveats: ['for a project without references to others'] }),
  };
}

function runtime(command: Command): string[] {
  const name = ['-r', '--runtime'].find((each) => command.optionValue(each) !== undefined);
  return name === undefined ? [] : [name, command.optionValue(name)!];
}

/** All that a restore reads: projects, those they refer to, and the files that MSBuild and NuGet find by their names. */
function dotnetNeeds(folder: ProjectFolder, path: string, prefetch: string | undefined): NeedsAnswer {
  const start = startFiles(folder, path);
  if (typeof start === 'string') return folder.existsOnDisk(path) ? missing(folder, path) : declined(start);
  const files: string[] = [];
  const pending = [...start];
  for (let file = pending.shift(); file !== undefined; file = pending.shift()) {
    if (files.includes(file)) continue;
    const text = folder.read(file);
    if (text === undefined) return missing(folder, file);
    files.push(file);
    const own = file.slice(0, file.lastIndexOf('/') + 1);
    const references = solutionFile.test(file)
      ? [...text.matchAll(/"([^"\r\n]+\.(?:cs|fs|vb)proj)"/gi)]
      : [...text.matchAll(/<(?:ProjectReference|Import)\b[^>]*?(?:Include|Project)\s*=\s*"([^"]+)"/g)];
    for (const [, reference] of references) {
      if (/\$\(|\*/.test(reference!)) return declined(`${file} refers to ${reference}, which can’t be told`);
      const inside = folder.inside(own + reference!.replaceAll('\\', '/'));
      if (inside === undefined) return declined(`${file} refers to ${reference}, outside of the folder that is copied`);
      pending.push(inside);
    }
  }
  const projects = files.filter((file) => projectFile.test(file));
  if (projects.length === 0) return declined('no project was found in the build context');
  const folders = new Set(projects.flatMap((file) => parents(file)));
  const special =
    /(?:^|\/)(?:Directory\.(?:Build|Packages)\.(?:props|targets)|nuget\.config|global\.json|packages\.lock\.json|Directory\.Solution\.props)$/i;
  files.push(
    ...folder.files.filter(
      (file) => special.test(file) && folders.has(file.slice(0, Math.max(0, file.lastIndexOf('/')))),
    ),
  );
  if (files.some((file) => !solutionFile.test(file) && /\bExists\(/.test(folder.read(file) ?? '')))
    return declined('a project asks whether files exist');
  const shared = files.filter((file) => special.test(file));
  if (shared.some((file) => /<Import\b/.test(folder.read(file) ?? '')))
    return declined('a shared MSBuild file imports others');
  if (shared.some((file) => /\bvalue\s*=\s*"(?!https?:)[^"]*[\\/]/.test(folder.read(file) ?? '')))
    return declined('NuGet takes packages from a folder of the context');
  const outputs = projects.map((file) => `${file.slice(0, file.lastIndexOf('/') + 1)}obj`);
  return needs(files, { outputs, prefetch });
}

function startFiles(folder: ProjectFolder, path: string): string[] | string {
  if (!path.endsWith('*.csproj')) return [path];
  const place = path.slice(0, -'*.csproj'.length).replace(/^\.\//, '');
  const here = folder.files.filter((file) => file.startsWith(place) && !file.slice(place.length).includes('/'));
  const solution = here.filter((file) => solutionFile.test(file));
  if (solution.length > 0) return solution.slice(0, 1);
  const projects = here.filter((file) => projectFile.test(file));
  return projects.length > 0 ? projects : 'no project was found in the build context';
}

function parents(file: string): string[] {
  const found: string[] = [];
  for (let end = file.lastIndexOf('/'); end >= 0; end = end === 0 ? -1 : file.lastIndexOf('/', end - 1))
    found.push(file.slice(0, end));
  return [...found, ''];
}
