import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { configFileNames } from '../lint/settings/configFile.ts';
import { findContextRoot, type FoundContext, foldersUpTo, isWithin, openContextAt } from './contextFiles.ts';
import { type Host, today } from './host.ts';

/** Milliseconds for which what was read of a build context is believed while nobody says that a file has changed. */
const contextLifetime = 3_000;

interface CachedContext {
  readonly found: FoundContext;
  readonly readAt: number;
}

/** The machine with its disk. Only `file:` documents have files around them. */
export function createNodeHost(): Host {
  const contexts = new Map<string, CachedContext>();
  return {
    today,
    openContext(uri, dockerfile, folders) {
      const path = pathOf(uri);
      const root = path === undefined ? undefined : findContextRoot(path, dockerfile, limitOf(path, folders));
      if (path === undefined || root === undefined) return undefined;
      const key = JSON.stringify([root, path]);
      let cached = contexts.get(key);
      if (!cached || Date.now() - cached.readAt > contextLifetime) {
        cached = { found: openContextAt(root, path), readAt: Date.now() };
        contexts.set(key, cached);
      }
      const { found } = cached;
      return {
        context: found.context,
        isExhausted: () => found.isExhausted(),
        uriOf: (relative) => pathToFileURL(join(root, relative)).href,
        hasConsulted: (other) => {
          const otherPath = pathOf(other);
          return otherPath !== undefined && found.files.hasConsulted(otherPath);
        },
        forget: () => contexts.delete(key),
      };
    },
    findConfig(uri, folders) {
      const path = pathOf(uri);
      if (path === undefined) return undefined;
      const found = findConfigFile(dirname(path), limitOf(path, folders));
      return found && { uri: pathToFileURL(found.path).href, text: found.text };
    },
  };
}

/** The nearest configuration file, from the folder up to `limit`. */
export function findConfigFile(
  folder: string,
  limit: string,
): { readonly path: string; readonly text: string } | undefined {
  for (const candidate of foldersUpTo(folder, limit)) {
    for (const name of configFileNames) {
      const path = join(candidate, name);
      try {
        return { path, text: readFileSync(path, 'utf8') };
      } catch {
        // Not there, or not readable: the next one.
      }
    }
  }
  return undefined;
}

/** The innermost workspace folder that holds the file; its own folder when none does. */
function limitOf(path: string, folders: readonly string[]): string {
  const holding = folders.map(pathOf).filter((folder) => folder !== undefined && isWithin(folder, path)) as string[];
  return holding.sort((a, b) => b.length - a.length)[0] ?? dirname(path);
}

function pathOf(uri: string): string | undefined {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : undefined;
  } catch {
    return undefined;
  }
}
