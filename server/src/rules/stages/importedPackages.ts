import type { BuildContext } from '../../model/context.ts';

/** Most files that are looked into; a project with more is not judged by its imports. */
const mostFiles = 200;

const scripts = /\.(?:js|cjs|mjs|ts|cts|mts|jsx|tsx)$/;
const notOfProgram =
  /(?:^|\/)(?:dist|build|out|public|static|vendor|coverage|tests?|__tests__|__mocks__|specs?|cypress|e2e|scripts|stories|\.[\w-]+)\/|\.(?:test|spec|config|stories|d)\.|(?:^|\/)(?:gulpfile|Gruntfile|webpack|rollup|vite|jest|babel|karma|eslint|\.)[\w.-]*$/i;

/** Where the program itself loads one of the packages. */
export interface Import {
  /** Path in the build context. */
  readonly file: string;
  readonly name: string;
}

/**
 * The first import of one of the packages in the JavaScript or TypeScript of a project (tests and settings of tools not
 * included); undefined when there is none, or the project is too large to look. Imports of types alone do not count.
 *
 * @param folder of the project in the build context; empty or with `/` at its end
 */
export function importOf(context: BuildContext, folder: string, names: readonly string[]): Import | undefined {
  const files = context.files.filter(
    (file) => file.startsWith(folder) && scripts.test(file) && !notOfProgram.test(file.slice(folder.length)),
  );
  if (files.length > mostFiles || names.length === 0) return undefined;
  const wanted = new Set(names);
  for (const file of files) {
    const text = context.read(file) ?? '';
    const found = text.matchAll(
      /(?:\brequire\(\s*|\bimport\(\s*|^[ \t]*(?:import|export)\s(?!type\b)[^'"\n;]*?|^[ \t]*\}\s*from\s*)['"]((?:@[\w.-]+\/)?[\w.-]+)(?:\/[^'"]*)?['"]/gm,
    );
    for (const [, name] of found) if (wanted.has(name!)) return { file, name: name! };
  }
  return undefined;
}
