import { copiedFile } from '../../../model/copiedFiles.ts';
import type { Stage } from '../../../model/stage.ts';
import { importOf } from '../importedPackages.ts';
import { runTimeText } from './start.ts';

/** Packages that need programs or libraries of the system at run time. */
const systemNeeds: Readonly<Record<string, string>> = {
  prisma: 'OpenSSL',
  '@prisma/client': 'OpenSSL',
  puppeteer: 'Chromium and its libraries',
  playwright: 'browsers and their libraries',
  canvas: 'Cairo',
  'node-rdkafka': 'librdkafka',
  oracledb: 'Oracle’s client libraries',
  'fluent-ffmpeg': 'ffmpeg',
  gm: 'GraphicsMagick',
  imagemagick: 'ImageMagick',
};

/** Programs that go by another name than the package that brings them. */
const packageOf: Readonly<Record<string, string>> = {
  nest: '@nestjs/cli',
  ng: '@angular/cli',
  'vue-cli-service': '@vue/cli-service',
  tsc: 'typescript',
  'react-router-serve': '@react-router/serve',
  'remix-serve': '@remix-run/serve',
  babel: '@babel/cli',
  'babel-node': '@babel/node',
  strapi: '@strapi/strapi',
  medusa: '@medusajs/cli',
};

/** Commands that compile or watch, whoever brings them. */
const developmentTools =
  /(?<![\w@./-])(?:ts-node(?:-dev)?|tsx|nodemon|concurrently|webpack|vite|react-scripts|vue-cli-service|babel-node|tsc|parcel|ng (?:serve|build)|nest start|next (?:dev|build)|nuxt (?:dev|build)|turbo|nx)(?![\w.-])|\brun (?:dev|watch)\b/;

export interface NodeManifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly workspaces?: unknown;
}

/** The package.json of the project, as the build context has it; undefined when it is not known. */
export function manifestOf(stage: Stage, workdir: string): NodeManifest | undefined {
  const path = manifestPath(stage, workdir);
  const value = path === undefined ? undefined : stage.dockerfile.context?.readJson(path);
  return typeof value === 'object' && value !== null ? value : undefined;
}

function manifestPath(stage: Stage, workdir: string): string | undefined {
  return stage.dockerfile.context && copiedFile(stage.runs.at(-1)!, `${workdir}/package.json`);
}

/** These put what the program imports into its own files. */
const bundlers =
  /^(?:webpack|vite|rollup|esbuild|parcel|tsup|tsdown|@vercel\/ncc|next|nuxt|gatsby|astro|react-scripts|@angular\/cli|@sveltejs\/kit|@remix-run\/dev|@vue\/cli-service|rspack|@rspack\/core|browserify|bun|snowpack|microbundle)$/;

/** Why a program that is compiled file by file needs a dev dependency; undefined when nothing tells so. */
export function neededDevDependency(stage: Stage, workdir: string): string | undefined {
  const manifest = manifestOf(stage, workdir);
  const path = manifestPath(stage, workdir);
  const { context } = stage.dockerfile;
  if (!manifest || path === undefined || !context) return undefined;
  const all = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  if (all.some((name) => bundlers.test(name))) return undefined;
  const names = Object.keys(manifest.devDependencies ?? {}).filter(
    (name) => !Object.hasOwn(manifest.dependencies ?? {}, name),
  );
  const found = importOf(context, path.slice(0, -'package.json'.length), names);
  return found && `${found.file} uses ${found.name}, a dev dependency`;
}

/** Why the slim image without dev dependencies could not run the program; undefined when nothing speaks against it. */
export function runTimeNeeds(stage: Stage, manifest: NodeManifest | undefined): string | undefined {
  const text = runTimeText(stage).replaceAll(/[",[\]]+/g, ' ');
  const prisma = stage.runs.some((run) =>
    run.commands.some((each) => each.args.some((word) => word.value === 'prisma')),
  );
  if (prisma) return 'prisma needs OpenSSL at run time';
  const tool = developmentTools.exec(text)?.[0];
  if (tool !== undefined) return `the container starts a development tool (${tool})`;
  if (!manifest) return undefined;
  if (manifest.workspaces || stage.dockerfile.context?.has('pnpm-workspace.yaml')) return 'the project has workspaces';
  const dependencies = Object.keys(manifest.dependencies ?? {});
  const system = dependencies.find((name) => Object.hasOwn(systemNeeds, name));
  if (system) return `${system} needs ${systemNeeds[system]} at run time`;
  const lines = startLines(text, manifest);
  for (const line of [text, ...lines]) {
    const compiles = line === text ? undefined : developmentTools.exec(line)?.[0];
    if (compiles !== undefined) return `the start script calls ${compiles}`;
    const names = line.split(/[\s;&|()"']+/).map((word) => packageOf[word] ?? word);
    const dev = Object.keys(manifest.devDependencies ?? {}).find(
      (name) => !dependencies.includes(name) && names.some((word) => word === name || word.startsWith(`${name}/`)),
    );
    if (dev !== undefined) return `the start script calls ${dev}, a dev dependency`;
  }
  return undefined;
}

/** The command lines of the scripts that the container starts, with those that they start in turn. */
function startLines(text: string, { scripts = {} }: NodeManifest): string[] {
  const found: string[] = [];
  const pending = [text];
  for (let line = pending.shift(); line !== undefined && found.length < 20; line = pending.shift()) {
    for (const [, name] of line.matchAll(
      /\b(?:npm|yarn|pnpm)\s+(?:-\S+\s+)*(?:run(?:-script)?\s+)?(?:-\S+\s+)*([\w:.-]+)/g,
    )) {
      for (const each of [`pre${name}`, name!, `post${name}`]) {
        const script = Object.hasOwn(scripts, each) ? scripts[each] : undefined;
        if (typeof script !== 'string' || found.includes(script)) continue;
        found.push(script);
        pending.push(script);
      }
    }
  }
  return found;
}
