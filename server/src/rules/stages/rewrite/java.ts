import { slimVariants } from '../../../facts/index.ts';
import type { Command } from '../../../model/command.ts';
import { resolvePath } from '../../../model/copy.ts';
import type { Stage } from '../../../model/stage.ts';
import { isWithin, outsideCopies, runTimeFiles } from './assets.ts';
import { leftBehind } from './obstacles.ts';
import { declined, type Ecosystem, isPublished, numericUser, type Recognition, type StageCopy } from './plan.ts';
import { noStarter, runTimeText, startedProgram, starterOf, startersOf } from './start.ts';

const phases: readonly string[] = ['package', 'install', 'verify', 'deploy'];
const tasks = /(?:^|:)(?:build|assemble|jar|bootJar|shadowJar|fatJar|uberJar|buildFatJar|installDist|quarkusBuild)$/;

/** A Java program built by Maven or Gradle: the jar that starts, and a Java without compiler. */
export const java: Ecosystem = {
  name: 'Java',
  ships: 'the JDK, the build tool with its downloads, and the source code',
  buildCommand: (stage) =>
    javaOf(stage) === undefined ? undefined : stage.runs.flatMap((run) => run.commands).findLast(isBuild),
  plan,
};

function plan(stage: Stage): Recognition {
  const { context } = stage.dockerfile;
  const starter = starterOf(stage);
  if (!starter) return declined(noStarter);
  const program = startedProgram(starter);
  const texts = startersOf(stage).map((each) =>
    each.json ? each.json.items.map((item) => item.value).join(' ') : each.argsText,
  );
  const text = texts.join(' ');
  if (
    (program && /^(?:mvnw?|gradlew?)$/.test(program.split('/').pop()!)) ||
    /spring-boot:run|bootRun|quarkus:dev/.test(text)
  )
    return declined('the program is compiled when the container starts; start its jar instead');
  if (/\bcatalina\b|\.war\b/.test(text)) return declined('a web archive needs the server that it is deployed to');
  const tool = /(?<![\w./-])(?:jps|jcmd|jstack|jmap|jstat|jinfo|jshell|javac)(?![\w./-])/.exec(runTimeText(stage))?.[0];
  if (tool) return declined(`${tool} of the JDK is called at run time`);
  const workdir = stage.workdirAt('end');
  if (workdir === undefined) return declined('the working directory can’t be told');
  if (stage.rootBase.resolved?.registry !== undefined)
    return declined('the image comes from another registry, which may not have one with only the Java runtime');
  if (stage.envAt('end').variables.some((each) => /-javaagent:/.test(each.value ?? '')))
    return declined('a Java agent is loaded from a file of its own');
  const image = runtimeImage(stage);
  if (image === undefined) return declined('its publisher has no image with only the Java runtime of this version');
  const result = startedResult(stage, program, text, workdir);
  if (typeof result === 'string') return declined(result);
  const dependencies = result.isJar ? dependenciesOutside(stage, result.from.slice(workdir.length + 1)) : undefined;
  if (dependencies) return declined(dependencies);
  const lastBuildStep = stage.runs.at(-1)!.instruction;
  const assets = runTimeFiles(stage, lastBuildStep, workdir, (path) => sourceOnly.test(path));
  if (assets === undefined) return declined('which files beside the source code are needed at run time can’t be told');
  const outside = outsideCopies(stage, lastBuildStep, workdir, (path) =>
    /^\/(?:root\/\.(?:m2|gradle|ssh)|home\/gradle|usr\/share\/maven|tmp)(?:\/|$)/.test(path),
  );
  if (typeof outside === 'string') return declined(outside);
  const copies: StageCopy[] = [
    { from: result.from, to: result.to },
    ...assets.filter((path) => !isWithin(result.from, path)).map((path) => ({ from: path, to: path })),
    ...outside,
  ];
  const kept = [result.folder, ...copies.map((copy) => copy.from)];
  const reason = leftBehind(stage, { isBuildTool: isJavaTool, kept, image });
  if (reason) return declined(reason);
  return {
    kind: 'plan',
    plan: {
      image,
      user: stage.effectiveUserAt('end').isRoot === true ? numericUser : undefined,
      lastBuildStep,
      copies,
      isBuildVariable: (name) => /^(?:MAVEN_|GRADLE_|MVN|M2_)/.test(name),
      assumes: context ? [] : ['that the jar is all it needs'],
    },
  };
}

function isBuild(command: Command): boolean {
  const words = command.operands.map((word) => word.value ?? '');
  if (/^mvnw?$/.test(command.name)) return words.some((word) => phases.includes(word));
  return /^gradlew?$/.test(command.name) && words.some((word) => tasks.test(word));
}

function isJavaTool(command: Command): boolean {
  return (
    /^(?:mvnw?|gradlew?|javac|jar|jlink|jdeps)$/.test(command.name) &&
    !/spring-boot:run|bootRun|jetty:run/.test(command.args.map((word) => word.text).join(' '))
  );
}

interface Java {
  readonly publisher: string;
  readonly version: string;
  readonly isMusl: boolean;
}

/** The Java of an image that can build; undefined for an image without a JDK, or one that is not known. */
function javaOf(stage: Stage): Java | undefined {
  const { facts } = stage.rootBase;
  if (!facts || !['debian', 'ubuntu', 'alpine', 'amazon', 'rhel'].includes(facts.family)) return undefined;
  const { repository, tag } = facts;
  const isMusl = facts.libc === 'musl';
  if (repository === 'maven' || repository === 'gradle') {
    if (/graal|jdk-?\d+-and|windows|nanoserver/.test(tag)) return undefined;
    const match =
      /(eclipse-temurin|amazoncorretto|corretto|sapmachine|ibm-semeru|semeru|openjdk|amazon-corretto|jdk|jre)-?(\d+)/.exec(
        tag,
      );
    if (!match) return undefined;
    const corretto = /corretto/.test(tag);
    const publisher = corretto
      ? 'amazoncorretto'
      : /sapmachine/.test(tag)
        ? 'sapmachine'
        : /semeru/.test(tag)
          ? 'ibm-semeru-runtimes'
          : 'eclipse-temurin';
    return { publisher, version: match[2]!, isMusl };
  }
  if (!['eclipse-temurin', 'openjdk', 'amazoncorretto', 'sapmachine'].includes(repository) || /jre|headless/.test(tag))
    return undefined;
  const version = /^(\d+)/.exec(tag)?.[1];
  return version === undefined
    ? undefined
    : { publisher: repository === 'openjdk' ? 'eclipse-temurin' : repository, version, isMusl };
}

/** An image with the same Java and no compiler; undefined when none is published. */
function runtimeImage(stage: Stage): string | undefined {
  const { publisher, version, isMusl } = javaOf(stage)!;
  const name = stage.rootBase.resolved!;
  const own =
    name.registry === undefined && publisher === stage.rootBase.facts!.repository
      ? slimVariants(name).find((variant) => variant.variant === 'jre' && !variant.changesLibc)
      : undefined;
  const suffix = publisher === 'amazoncorretto' ? 'headless' : 'jre';
  if (isMusl && !own && publisher !== 'eclipse-temurin') return undefined;
  const image = own ? `${publisher}:${own.tag}` : `${publisher}:${version}-${suffix}${isMusl ? '-alpine' : ''}`;
  return isPublished(image) ? image : undefined;
}

interface Result {
  readonly from: string;
  readonly to: string;
  /** The folder that the build tool fills. */
  readonly folder: string;
  readonly isJar: boolean;
}

/** What of the build starts; a text is the reason why that can't be told. */
function startedResult(stage: Stage, program: string | undefined, text: string, workdir: string): Result | string {
  if (/(?:^|\s)-(?:cp|classpath|-class-path|p|-module-path)\s|-javaagent:|\bCLASSPATH\b/.test(text))
    return 'the class path may name more files of the build';
  if (program && program.includes('/')) {
    const path = resolvePath(workdir, program);
    const install = path && /^(.*\/build\/install\/[\w.-]+)\/bin\/[\w.-]+$/.exec(path)?.[1];
    return install && isBuilt(stage, install)
      ? { from: install, to: install, folder: install, isJar: false }
      : `CMD starts ${program}, but the build does not write it there`;
  }
  if (program !== undefined && program !== 'java' && !/^(?:sh|bash)$/.test(program))
    return `CMD starts ${program}, not java`;
  const jars = [...text.matchAll(/(?:^|\s)-jar\s+["']?([^\s"']+\.jar)["']?/g)].map((match) => match[1]!);
  const jar = jars.length === 1 ? jars[0]! : undefined;
  if (jar === undefined || /[$`{]/.test(jar)) return 'which jar starts can’t be told';
  const path = resolvePath(workdir, jar);
  const folder = path?.slice(0, path.lastIndexOf('/')) || '/';
  if (path === undefined || /[*?[]/.test(folder)) return 'which jar starts can’t be told';
  if (isBuilt(stage, path)) {
    // Quarkus' runner finds its libraries in the folders beside it.
    if (folder.endsWith('/quarkus-app')) return { from: folder, to: folder, folder, isJar: false };
    return { from: path, to: /[*?[]/.test(path) ? `${folder}/` : path, folder, isJar: true };
  }
  return isCopiedJar(stage, path)
    ? { from: path, to: path, folder: path, isJar: true }
    : `CMD starts ${jar}, but the build does not write it there`;
}

/** Whether the path lies where Maven or Gradle of this stage write. */
function isBuilt(stage: Stage, path: string): boolean {
  return stage.runs.some((run) =>
    run.commands.some((command) => {
      if (!isBuild(command)) return false;
      const folder = stage.workdirAt(run.instruction);
      const output = command.name.startsWith('mvn')
        ? /(?:^|\/)target\/(?:quarkus-app\/)?[^/]+$/
        : /(?:^|\/)build\/(?:libs|install|quarkus-app)\/[^/]+$/;
      const root = command.optionValue('-p') ?? command.optionValue('--project-dir') ?? '.';
      const project = folder === undefined ? undefined : resolvePath(folder, root)?.replace(/(.)\/$/, '$1');
      return project !== undefined && isWithin(path, project) && output.test(path) && run.mountAt(path) === undefined;
    }),
  );
}

/** Whether the build copies or moves a jar from where it is built to that path. */
function isCopiedJar(stage: Stage, path: string): boolean {
  return stage.runs.some((run) =>
    run.commands.some((command) => {
      if (!['cp', 'mv', 'install'].includes(command.name)) return false;
      const operands = command.args.filter((each) => !each.text.startsWith('-'));
      const [from, to] = operands.slice(-2);
      if (!/(?:^|\/)(?:target|build\/libs)\/[^/\s]*\.jar$/.test(from?.text ?? '') || to?.value === undefined)
        return false;
      const target = resolvePath(stage.workdirAt(run.instruction), to.value);
      const name = from!.value?.split('/').pop();
      return (
        target === path ||
        (target !== undefined && name !== undefined && `${target.replace(/\/$/, '')}/${name}` === path)
      );
    }),
  );
}

/** Why the jar alone would not run; undefined when nothing tells so. */
function dependenciesOutside(stage: Stage, jar: string): string | undefined {
  const { context } = stage.dockerfile;
  // A module's jar is made by the module's own build file.
  const module = /^(.*\/)(?:target|build\/libs)\//.exec(jar)?.[1] ?? '';
  const pom = context?.read(`${module}pom.xml`)?.replace(/<!--[\s\S]*?-->/g, '');
  const gradle = (context?.read(`${module}build.gradle`) ?? context?.read(`${module}build.gradle.kts`))?.replace(
    /\/\/.*$/gm,
    '',
  );
  const reason = 'the jar does not seem to contain its dependencies';
  if (pom !== undefined) {
    if (/<packaging>\s*war/.test(pom)) return 'a web archive needs the server that it is deployed to';
    const packs =
      /spring-boot-maven-plugin|maven-shade-plugin|maven-assembly-plugin|onejar|spring-boot-starter-parent/.test(pom);
    const compile = [...pom.matchAll(/<dependency>([\s\S]*?)<\/dependency>/g)].some(
      ([, each]) => !/<scope>\s*(?:test|provided|import)/.test(each!),
    );
    return !packs && compile && !/<modules>/.test(pom) ? reason : undefined;
  }
  if (gradle !== undefined) {
    const packs =
      /org\.springframework\.boot|shadow|fatJar|uberJar|duplicatesStrategy|from\s*[({].*(?:zipTree|runtimeClasspath)|io\.ktor\.plugin/i.test(
        gradle,
      );
    return !packs && /^\s*(?:implementation|api|compile|runtimeOnly)\b/m.test(gradle) ? reason : undefined;
  }
  return undefined;
}

const sourceOnly =
  /(?:\.java|\.kt|\.kts|\.groovy|\.md|\.gradle|\.iml)$|^(?:src|target|build|gradle|buildSrc|docs?|tests?|scripts?|\.mvn|\.git|\.github|\.gradle|\.idea|\.vscode)\/|(?:^|\/)(?:src|target|build)\/|(?:^|\/)(?:pom\.xml|mvnw|mvnw\.cmd|gradlew|gradlew\.bat|gradle\.properties|settings\.xml|lombok\.config|checkstyle\S*|system\.properties)$|^(?:Dockerfile|Containerfile|Makefile|LICENSE|NOTICE|Jenkinsfile|Procfile|HELP|docker-compose|compose|sonar|\.)/i;
