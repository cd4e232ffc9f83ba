import type { Command } from '../command.ts';
import { type DependencyInstall, declined, hasUnknownOperands, missing, type NeedsAnswer, needs } from './install.ts';
import type { ProjectFolder } from './projectFolder.ts';

const mavenPhases: readonly string[] = ['compile', 'test', 'package', 'verify', 'install'];
const mavenOptions: readonly string[] = ['-s', '--settings', '-P', '--activate-profiles', '-gs', '--global-settings'];

/** `mvn package` and the like, `mvn dependency:go-offline`. */
export function mavenInstall(command: Command): DependencyInstall | undefined {
  if (
    !/^mvnw?$/.test(command.name) ||
    hasWord(command, '-o', '--offline', '-pl', '--projects') ||
    hasUnknownOperands(command)
  )
    return undefined;
  const goals = command.operands.map((word) => word.value ?? '');
  const isDownload = goals.some((goal) =>
    /^dependency:(?:go-offline|resolve|resolve-plugins)$|dependency-plugin:[\d.]+:(?:go-offline|resolve)/.test(goal),
  );
  const isBuild = goals.some((goal) => mavenPhases.includes(goal));
  if (!isDownload && !isBuild) return undefined;
  const pom = command.optionValue('-f') ?? command.optionValue('--file') ?? 'pom.xml';
  const usesWrapper = command.name === 'mvnw';
  const program = command.shell.nameWord?.text ?? command.name;
  const prefetch =
    isBuild || (isDownload && goals.length > 1)
      ? [program, '-B', ...keptOptions(command, [...mavenOptions, '-f', '--file']), 'dependency:go-offline'].join(' ')
      : undefined;
  return {
    command,
    family: 'maven',
    label: `${command.name} ${goals.find((goal) => mavenPhases.includes(goal)) ?? goals[0]}`,
    isBuild,
    mainFiles: [pom.endsWith('.xml') ? pom : `${pom}/pom.xml`],
    store: /\.m2/,
    needs: (folder, [path]) => mavenNeeds(command, folder, path!, prefetch),
    customary: ([path]) =>
      needs([...(usesWrapper ? ['mvnw', '.mvn/'] : []), path!, ...settingsOf(command)], {
        prefetch,
        caveats: ['for a project of one module'],
      }),
  };
}

function settingsOf(command: Command): string[] {
  return ['-s', '--settings', '-gs', '--global-settings']
    .flatMap((name) => command.optionValue(name) ?? [])
    .filter((path) => !path.startsWith('/'));
}

function mavenNeeds(command: Command, folder: ProjectFolder, pom: string, prefetch: string | undefined): NeedsAnswer {
  const text = folder.read(pom);
  if (text === undefined) return missing(folder, pom);
  const plain = text.replace(/<!--[\s\S]*?-->/g, '');
  if (/<modules>/.test(plain))
    return declined('the project has several Maven modules; a cache mount for /root/.m2 helps there');
  if (/<relativePath>\s*[^<\s]/.test(plain)) return declined('pom.xml has a parent in another folder');
  if (/<systemPath>|<url>\s*file:/.test(plain))
    return declined('pom.xml has a dependency that is a file of the context');
  const files = [
    ...(command.name === 'mvnw' ? folder.present('mvnw') : []),
    pom,
    ...folder.present('.mvn/'),
    ...folder.present(...settingsOf(command)),
  ];
  return needs(files, { prefetch, caveats: prefetch ? ['more may be downloaded than the build needs'] : [] });
}

const gradleTasks =
  /(?:^|:)(?:build|assemble|jar|bootJar|shadowJar|fatJar|war|bootWar|installDist|distTar|distZip|test|check|compileJava|buildFatJar)$/;

/** `gradle build` and the like. */
export function gradleInstall(command: Command): DependencyInstall | undefined {
  if (
    !/^gradlew?$/.test(command.name) ||
    hasWord(command, '--offline', '-b', '--build-file') ||
    hasUnknownOperands(command)
  )
    return undefined;
  const tasks = command.operands.map((word) => word.value ?? '');
  const isBuild = tasks.some((task) => gradleTasks.test(task));
  if (!isBuild && !tasks.includes('dependencies')) return undefined;
  const folder = command.optionValue('-p') ?? command.optionValue('--project-dir') ?? '.';
  const program = command.shell.nameWord?.text ?? command.name;
  const prefetch = isBuild
    ? [program, ...keptOptions(command, ['-p', '--project-dir']), 'dependencies', '--no-daemon'].join(' ')
    : undefined;
  const usesWrapper = command.name === 'gradlew';
  return {
    command,
    family: 'gradle',
    label: `${command.name} ${tasks.find((task) => gradleTasks.test(task)) ?? 'dependencies'}`,
    isBuild,
    mainFiles: [`${folder}/build.gradle`],
    store: /\.gradle/,
    needs: (project) => gradleNeeds(command, project, prefetch),
    customary: () =>
      needs(
        [...(usesWrapper ? ['gradlew', 'gradle/'] : []), 'build.gradle*', 'settings.gradle*', 'gradle.properties*'],
        { prefetch, caveats: ['for a project of one module'] },
      ),
  };
}

function gradleNeeds(command: Command, folder: ProjectFolder, prefetch: string | undefined): NeedsAnswer {
  const builds = folder.present('build.gradle', 'build.gradle.kts');
  if (builds.length === 0) return missing(folder, 'build.gradle');
  const settings = folder.present('settings.gradle', 'settings.gradle.kts');
  const text = settings
    .map((path) => folder.read(path))
    .join('\n')
    .replace(/\/\/.*$/gm, '');
  if (/^\s*include(?:Build)?\b/m.test(text))
    return declined('the project has several Gradle modules; a cache mount for the Gradle home helps there');
  if (/apply\s*\(?\s*from\s*[:=]/.test(builds.map((path) => folder.read(path)).join('\n')))
    return declined('the build script applies other scripts of the context');
  const files = [
    ...(command.name === 'gradlew' ? folder.present('gradlew') : []),
    ...builds,
    ...settings,
    ...folder.present('gradle.properties', 'gradle.lockfile', 'gradle/', 'buildSrc/'),
  ];
  return needs(files, { prefetch, caveats: prefetch ? ['more may be downloaded than the build needs'] : [] });
}

/** Whether an option stands there as it is: these tools know no clusters (`-Pprod` is a profile). */
function hasWord(command: Command, ...options: readonly string[]): boolean {
  return command.args.some((word) => options.includes(word.text));
}

/** Options (with their values) that a command which only downloads takes as well. */
function keptOptions(command: Command, names: readonly string[]): string[] {
  const kept: string[] = [];
  for (const [index, word] of command.args.entries()) {
    const name = word.text.split('=')[0]!;
    if (names.includes(word.text)) kept.push(word.text, command.args[index + 1]?.text ?? '');
    else if (names.includes(name) || /^-P./.test(word.text)) kept.push(word.text);
  }
  return kept;
}
