import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import type { Range } from '../../text/range.ts';
import type { Problem } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { defaultSettings, readSettings, type Settings } from './settings.ts';

/** Names of a configuration file, in the order in which they are looked for in a folder. */
export const configFileNames = ['.plimsoll.yaml', '.plimsoll.yml', '.plimsoll.json'] as const;

const knownKeys = ['enable', 'rules'];

/** Reads a configuration file (YAML, of which JSON is a part). What is wrong in it has no effect and is a problem. */
export function readConfigFile(
  text: string,
  rules: readonly Rule[],
): { readonly settings: Settings; readonly problems: readonly Problem[] } {
  const document = parseDocument(text, { lineCounter: new LineCounter(), prettyErrors: false });
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) =>
      problem('config:syntax', error.message, { start: error.pos[0], end: error.pos[1] }),
    );
    return { settings: defaultSettings, problems };
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    return { settings: defaultSettings, problems: [problem('config:syntax', String(error), undefined)] };
  }
  const result = readSettings(value, rules);
  const problems = result.problems.map(({ path, message }) =>
    problem('config:value', path.length > 0 ? `${path.at(-1)}: ${message}` : message, rangeOf(document, path)),
  );
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const key of Object.keys(value)) {
      if (knownKeys.includes(key)) continue;
      const message = `${key}: there is no such setting; there are ${knownKeys.join(' and ')}`;
      problems.push(problem('config:value', message, rangeOf(document, [key])));
    }
  }
  return { settings: result.settings, problems };
}

/** Where the key stands that the path leads to. */
function rangeOf(document: Document, path: readonly string[]): Range | undefined {
  let node: unknown = document.contents;
  let found: Range | undefined;
  for (const key of path) {
    if (!isMap(node)) break;
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
    if (!pair || !isScalar(pair.key)) break;
    if (pair.key.range) found = { start: pair.key.range[0], end: pair.key.range[1] };
    node = pair.value;
  }
  return found;
}

function problem(kind: string, message: string, range: Range | undefined): Problem {
  return { kind, message, range, severity: 'error' };
}
