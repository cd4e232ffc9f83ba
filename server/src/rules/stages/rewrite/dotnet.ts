import type { Command } from '../../../model/command.ts';
import { resolvePath } from '../../../model/copy.ts';
import type { Stage } from '../../../model/stage.ts';
import type { Instruction } from '../../../syntax/instruction.ts';
import { isWithin, outsideCopies, runTimeFiles } from './assets.ts';
import { leftBehind } from './obstacles.ts';
import {
  declined,
  type Ecosystem,
  factsOf,
  isPublished,
  numericUser,
  type Recognition,
  type StageCopy,
} from './plan.ts';
import { literalWords, noStarter, startedProgram, starterOf, startersOf } from './start.ts';

/** A .NET program: what `dotnet publish` writes, and the runtime of the same version. */
export const dotnet: Ecosystem = {
  name: '.NET',
  ships: 'the .NET SDK, the NuGet packages of the build and the source code',
  buildCommand: (stage) =>
    stage.rootBase.facts?.repository === 'mcr.microsoft.com/dotnet/sdk' && stage.rootBase.facts.family !== 'windows'
      ? stage.commands('dotnet', 'publish').at(-1)
      : undefined,
  plan,
};

function plan(stage: Stage): Recognition {
  const publish = dotnet.buildCommand(stage)!;
  const starter = starterOf(stage);
  if (!starter) return declined(noStarter);
  const words = startersOf(stage).flatMap((each) => literalWords(each) ?? [startedProgram(each) ?? '']);
  if (words[0] === 'dotnet' && /^(?:run|watch|test|build|exec)$/.test(words[1] ?? ''))
    return declined(`the program is compiled when the container starts (dotnet ${words[1]})`);
  if (publish.hasUnknownArguments) return declined('where dotnet publish writes can’t be told');
  const text = publish.args.map((word) => word.value).join(' ');
  if (/--self-contained(?!\s+false|=false)|PublishAot|PublishSingleFile|-p:SelfContained=true/i.test(text))
    return declined(
      'the program brings its own runtime (self-contained), which needs another image than the usual one',
    );
  const workdir = stage.workdirAt('end');
  const folder = stage.workdirAt(publish.run.instruction);
  const target = publish.optionValue('-o') ?? publish.optionValue('--output') ?? /--output[:=](\S+)/.exec(text)?.[1];
  const file = words[0] === 'dotnet' ? words.slice(1).find((word) => word.endsWith('.dll')) : words[0];
  const path = file === undefined || file === '' || workdir === undefined ? undefined : resolvePath(workdir, file);
  // Without --output it is the project's folder for published files, which CMD has to name.
  const usual = /^(.*\/bin\/(?:Release|Debug)\/net[\w.]+(?:\/[\w-]+)?\/publish)\//.exec(path ?? '')?.[1];
  const output =
    folder === undefined
      ? undefined
      : target === undefined
        ? usual
        : resolvePath(folder, target)?.replace(/(.)\/$/, '$1');
  if (output === undefined || workdir === undefined) return declined('where dotnet publish writes can’t be told');
  if (path === undefined || !isWithin(path, output)) return declined('CMD does not start what dotnet publish writes');
  const image = runtimeImage(stage);
  if (image === undefined) return declined('there is no runtime image of the same version');
  const projects = projectTexts(stage);
  if (projects.some((each) => /<PublishAot>\s*true|<SelfContained>\s*true|<UseWPF>|<UseWindowsForms>/i.test(each)))
    return declined('the project asks for another runtime than the usual one');
  const native = projects
    .flatMap((each) => [...each.matchAll(/PackageReference[^>]*Include="([^"]+)"/gi)])
    .map((match) => match[1]!);
  const needing = native.find((each) =>
    /^(?:System\.Drawing\.Common|SkiaSharp|Microsoft\.Playwright|PuppeteerSharp|Selenium\S*|DinkToPdf|IronPdf|Magick\.NET\S*)$/i.test(
      each,
    ),
  );
  if (needing) return declined(`${needing} needs libraries of the system at run time`);
  const lastBuildStep = stage.runs.at(-1)!.instruction;
  const outside = outsideCopies(stage, lastBuildStep, sourceRoot(stage, folder!), (each) =>
    /^\/(?:root\/\.nuget|tmp)(?:\/|$)/.test(each),
  );
  if (typeof outside === 'string') return declined(outside);
  const content = contentFiles(stage, lastBuildStep, workdir, output);
  if (typeof content === 'string') return declined(content);
  const facts = factsOf(image)!;
  const owner = stage.effectiveUserAt('end').isRoot === true;
  // The user `app` came with .NET 8.
  const ready = versionOf(image) >= 8 ? facts.readyUsers[0]?.name : undefined;
  const user = owner ? (ready ?? numericUser) : undefined;
  const copies: StageCopy[] = [
    { from: output, to: output },
    ...content.map((each) => ({ from: each, to: each })),
    ...outside,
  ];
  const reason = leftBehind(stage, { isBuildTool: isDotnetTool, kept: copies.map((copy) => copy.from), image });
  if (reason) return declined(reason);
  return {
    kind: 'plan',
    plan: {
      image,
      user,
      lastBuildStep,
      copies,
      isBuildVariable: (name) => /^(?:NUGET_|DOTNET_CLI_|DOTNET_SKIP_|DOTNET_NOLOGO$|MSBUILD)/.test(name),
      assumes: assumptions(stage, image, projects),
    },
  };
}

function isDotnetTool(command: Command): boolean {
  return (
    command.name === 'dotnet' &&
    /^(?:restore|build|publish|test|tool|clean|nuget|format|pack|--info|--version)$/.test(
      command.subcommand ?? command.args[0]?.text ?? '',
    )
  );
}

/** ASP.NET's image has the plain runtime, too; without the project it is the one that runs both. */
function runtimeImage(stage: Stage): string | undefined {
  const { tag } = stage.rootBase.resolved!;
  const match = /^(\d+\.\d+)(?:\.\d+)*(?:-(alpine|noble|jammy|bookworm-slim|bullseye-slim|azurelinux3\.0)\S*)?$/.exec(
    tag ?? '',
  );
  if (!match) return undefined;
  const projects = projectTexts(stage);
  const isWeb =
    projects.length === 0 ||
    projects.some((text) => /Microsoft\.NET\.Sdk\.(?:Web|BlazorWebAssembly)|Microsoft\.AspNetCore\.App/.test(text));
  const image = `mcr.microsoft.com/dotnet/${isWeb ? 'aspnet' : 'runtime'}:${match[1]}${match[2] ? `-${match[2]}` : ''}`;
  // Lines that are no longer supported are not in the data of tags, but stay published under their version.
  return isPublished(image) || (/^[5-9]\.0$/.test(match[1]!) && factsOf(image) && !match[2]) ? image : undefined;
}

function projectTexts(stage: Stage): string[] {
  const { context } = stage.dockerfile;
  return (context?.files ?? [])
    .filter((file) => /\.(?:cs|fs|vb)proj$/i.test(file) && !/test/i.test(file))
    .flatMap((file) => context?.read(file) ?? []);
}

function assumptions(stage: Stage, image: string, projects: readonly string[]): string[] {
  const found: string[] = [];
  const environment = stage.envAt('end');
  const setsPort = ['ASPNETCORE_URLS', 'ASPNETCORE_HTTP_PORTS', 'URLS', 'DOTNET_URLS', 'HTTP_PORTS'].some((name) =>
    environment.get(name),
  );
  const port = versionOf(image) >= 8 ? 8080 : 80;
  if (image.includes('/aspnet:') && !setsPort) found.push(`that it sets its port, else ${port}`);
  if (stage.rootBase.facts?.libc === 'musl') found.push('no culture data (ICU)');
  if (projects.length === 0) found.push('no system library');
  return found;
}

/**
 * Settings and files that a program reads in its working directory, when that is a folder of the source and not the
 * published one; a text is the reason against.
 */
function contentFiles(stage: Stage, lastBuildStep: Instruction, workdir: string, output: string): string[] | string {
  const isSource = stage.copies.some((copy) => {
    const path = copy.destinationPath?.replace(/(.)\/$/, '$1');
    return path !== undefined && (isWithin(path, workdir) || isWithin(workdir, path));
  });
  if (workdir === output || !isSource) return [];
  const reason = `the program starts in ${workdir}, where it may read settings that are part of the source; start it in ${output}`;
  if (!stage.dockerfile.context) return reason;
  const found = runTimeFiles(stage, lastBuildStep, workdir, (path) => sourceOnly.test(path));
  return found ?? reason;
}

const sourceOnly =
  /\.(?:cs|fs|vb|csproj|fsproj|vbproj|sln|slnx|razor|cshtml|resx|user|md|props|targets|config|http|editorconfig|ruleset)$|^(?:bin|obj|Properties|tests?|docs?|\.git|\.github|\.vs|\.vscode|\.idea)\/|(?:^|\/)(?:bin|obj|Properties)\/|^(?:Dockerfile|Containerfile|Makefile|LICENSE|NOTICE|global\.json|docker-compose|compose|\.)/i;

function versionOf(image: string): number {
  return Number.parseFloat(/:(\d+)/.exec(image)?.[1] ?? '0');
}

/** The folder that the source is copied to: the one of the publishing RUN, or one above it. */
function sourceRoot(stage: Stage, folder: string): string {
  const roots = stage.copies
    .filter((copy) => copy.usesContext)
    .map((copy) => copy.destinationPath?.replace(/(.)\/$/, '$1'))
    .filter((path) => path !== undefined && path !== '/' && isWithin(folder, path));
  return roots.reduce<string>((shortest, path) => (path!.length < shortest.length ? path! : shortest), folder);
}
