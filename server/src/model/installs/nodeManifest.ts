import type { ProjectFolder } from './projectFolder.ts';

/** A package.json, as far as an install looks at it. */
export interface Manifest {
  readonly value: Readonly<Record<string, unknown>>;
  /** Name and version of all that it depends on, peers not included. */
  readonly dependencies: readonly (readonly [string, string])[];
  has(dependency: string): boolean;
}

export function readManifest(folder: ProjectFolder, path: string): Manifest | undefined {
  const value = folder.readJson(path);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const record = value as Record<string, unknown>;
  const dependencies = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((kind) => {
    const list = record[kind];
    if (typeof list !== 'object' || list === null) return [];
    return Object.entries(list).flatMap(([name, version]): [string, string][] =>
      typeof version === 'string' ? [[name, version]] : [],
    );
  });
  return { value: record, dependencies, has: (name) => dependencies.some(([each]) => each === name) };
}

/** Folders of the workspace's members that hold a package.json. */
export function workspaceFolders(folder: ProjectFolder, manifest: Manifest, manager: string): string[] {
  const patterns =
    manager === 'pnpm' ? pnpmPatterns(folder.read('pnpm-workspace.yaml')) : npmPatterns(manifest.value['workspaces']);
  if (patterns.length === 0) return [];
  const included = patterns.filter((pattern) => !pattern.startsWith('!')).map(globExpression);
  const excluded = patterns
    .filter((pattern) => pattern.startsWith('!'))
    .map((pattern) => globExpression(pattern.slice(1)));
  return folder.files
    .filter((file) => file.endsWith('/package.json') && !file.includes('node_modules/'))
    .map((file) => file.slice(0, -'/package.json'.length))
    .filter((path) => included.some((each) => each.test(path)) && !excluded.some((each) => each.test(path)));
}

function npmPatterns(workspaces: unknown): string[] {
  const list = Array.isArray(workspaces) ? workspaces : (workspaces as { packages?: unknown } | undefined)?.packages;
  return Array.isArray(list) ? list.filter((each) => typeof each === 'string') : [];
}

function pnpmPatterns(text: string | undefined): string[] {
  const list = /^packages:[^\n]*\n((?:[ \t]*(?:-[^\n]*|#[^\n]*)?\r?(?:\n|$))*)/m.exec(text ?? '')?.[1] ?? '';
  return [...list.matchAll(/^\s*-\s*['"]?([^'"#\r\n]+?)['"]?\s*(?:#.*)?$/gm)].map((match) => match[1]!);
}

function globExpression(pattern: string): RegExp {
  const clean = pattern.replace(/^\.\//, '').replace(/\/$/, '');
  const source = clean.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*\*\/|\*\*|\*|\?/g, (glob) => {
    if (glob === '**/') return '(?:.*/)?';
    return glob === '**' ? '.*' : glob === '*' ? '[^/]*' : '[^/]';
  });
  return new RegExp(`^${source}$`);
}

export interface LocalDependency {
  /** As written: `shared (file:../shared)`. */
  readonly text: string;
  /** Path of the archive, when it is one. */
  readonly archive: string | undefined;
}

/** A dependency that is a file or folder of the project itself. */
export function localDependency(manifest: Manifest): LocalDependency | undefined {
  for (const [name, version] of manifest.dependencies) {
    const path =
      /^(?:file:|link:|portal:)(.*)$/.exec(version)?.[1] ?? (/^\.{1,2}\//.test(version) ? version : undefined);
    if (path === undefined) continue;
    return {
      text: `${name} (${version})`,
      archive: /\.(?:tgz|tar\.gz)$/.test(path) && !path.startsWith('..') ? path.replace(/^\.\//, '') : undefined,
    };
  }
  return undefined;
}

interface Lifecycle {
  /** Why the scripts can't run without the source. */
  readonly declined?: string;
  /** What they read. */
  readonly files: readonly string[];
  readonly caveats: readonly string[];
}

const lifecycle: readonly string[] = [
  'preinstall',
  'install',
  'postinstall',
  'prepublish',
  'preprepare',
  'prepare',
  'postprepare',
];

/** What the scripts that an install starts (its own, and those of packages that look for files) need. */
export function brokenLifecycle(folder: ProjectFolder, place: string, manifest: Manifest): Lifecycle {
  const files: string[] = [];
  const caveats: string[] = [];
  const scripts = manifest.value['scripts'] as Record<string, unknown> | undefined;
  for (const name of lifecycle) {
    const script = scripts?.[name];
    if (typeof script !== 'string' || script.trim() === '') continue;
    for (const step of script.split(/&&|\|\||;/)) {
      const program = step.trim().replace(/^(?:npx|yarn|pnpm exec|pnpm|npm exec)\s+(?:-y\s+|--yes\s+|--\s+)*/, '');
      if (/^(?:is-ci|only-allow \w+|true|:|exit 0|echo\b[^$`>]*)$/.test(program)) continue;
      if (/^husky(?: install)?(?: [\w./-]+)?$/.test(program)) {
        if (folder.context.has('.git')) caveats.push('husky does not see .git');
      } else if (/^patch-package\b/.test(program) && !/--patch-dir/.test(program))
        files.push(...folder.present(`${place}patches/`));
      else if (/^prisma generate$/.test(program) && folder.present(`${place}prisma/`).length > 0)
        files.push(`${place}prisma/`);
      else
        return {
          declined: `the ${name} script of ${place}package.json (${script}) may need the source`,
          files,
          caveats,
        };
    }
  }
  // These look for files of the project when they are installed.
  if (manifest.has('@prisma/client')) files.push(...folder.present(`${place}prisma/`));
  if (manifest.has('puppeteer')) {
    files.push(
      ...folder.present(
        ...[
          '.puppeteerrc.cjs',
          '.puppeteerrc.js',
          '.puppeteerrc.json',
          '.puppeteerrc',
          'puppeteer.config.js',
          'puppeteer.config.cjs',
        ].map((name) => place + name),
      ),
    );
  }
  return { files, caveats };
}
