import { createRegistryFromGrammars } from 'vscode-tmgrammar-test/dist/common/index.js';

/** A registry of grammars in which a scope can be looked up. */
export type Registry = ReturnType<typeof createRegistryFromGrammars>;

/** Scopes of the languages that VS Code brings, for which stand-ins are enough: only where they begin and end matters. */
const embedded = [
  'source.shell',
  'source.batchfile',
  'source.powershell',
  'source.python',
  'source.js',
  'source.ruby',
  'source.perl',
  'source.sql',
  'source.json',
  'source.yaml',
  'source.ini',
  'text.xml',
  'text.html.basic',
  'source.css',
];

/** A registry with the given grammars (text of their JSON files) and a stand-in for each language they embed. */
export function createRegistry(grammars: readonly string[]): Registry {
  const all = [...grammars, ...embedded.map((scope) => JSON.stringify(standIn(scope)))];
  return createRegistryFromGrammars(
    all.map((content) => {
      const { scopeName } = JSON.parse(content) as { scopeName: string };
      return { grammar: { scopeName, path: `${scopeName}.json` }, content };
    }),
  );
}

/**
 * Marks words, and has the habits of real grammars that put containment to the test: strings that run on until they are
 * closed, comments that swallow the rest of the line, a heredoc of its own.
 */
function standIn(scopeName: string) {
  const suffix = scopeName.replace(/^(?:source|text)\./, '');
  return {
    scopeName,
    patterns: [
      { name: `comment.line.${suffix}`, match: '\\s*(?<!\\S)#.*$' },
      { name: `string.quoted.${suffix}`, begin: '(["\'])', end: '\\1' },
      { name: `string.heredoc.${suffix}`, begin: '<<-?(\\w+)', end: '^\\s*\\1$' },
      { name: `word.${suffix}`, match: '[^\\s"\'#]+' },
    ],
  };
}
