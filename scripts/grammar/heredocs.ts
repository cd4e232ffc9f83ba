import { include, never, type Rule } from './rule.ts';

/** A language that a heredoc's body can be in. */
interface BodyLanguage {
  readonly id: string;
  readonly scope: string;
  /** Programs that read this language from standard input. */
  readonly interpreters?: string;
  /** Extensions of files written in this language. */
  readonly extensions: string;
}

const bodyLanguages: readonly BodyLanguage[] = [
  { id: 'shell', scope: 'source.shell', interpreters: '(?:ba|da|z|k|a)?sh', extensions: '(?:ba|z|k)?sh' },
  { id: 'python', scope: 'source.python', interpreters: '(?:python|pypy)[\\d.]*', extensions: 'py' },
  { id: 'javascript', scope: 'source.js', interpreters: 'node(?:js)?|bun|deno', extensions: '[cm]?js' },
  { id: 'ruby', scope: 'source.ruby', interpreters: 'ruby[\\d.]*', extensions: 'rb' },
  { id: 'perl', scope: 'source.perl', interpreters: 'perl[\\d.]*', extensions: 'p[lm]' },
  { id: 'powershell', scope: 'source.powershell', interpreters: 'pwsh|powershell', extensions: 'psm?1' },
  { id: 'sql', scope: 'source.sql', interpreters: 'psql|mysql|mariadb|sqlite3', extensions: 'sql' },
  { id: 'json', scope: 'source.json', extensions: 'json' },
  { id: 'yaml', scope: 'source.yaml', extensions: 'ya?ml' },
  {
    id: 'ini',
    scope: 'source.ini',
    extensions: 'ini|conf|cfg|cnf|properties|service|timer|socket|desktop|repo|sources',
  },
  { id: 'xml', scope: 'text.xml', extensions: 'xml|svg' },
  { id: 'html', scope: 'text.html.basic', extensions: 'html?' },
  { id: 'css', scope: 'source.css', extensions: 'css' },
];

/** More heredocs than this on one instruction are coloured as if the last ones were not there. */
const mostHeredocs = 3;

/** Text of a command line in which quoted parts hide `<<`. Its alternatives differ in their first character. */
const unquoted = `(?:[^"'\\\\\\n]|\\\\.|"(?:[^"\\\\\\n]|\\\\.)*+"|'[^'\\n]*+')*?`;
const word = `[A-Za-z_][^\\s<>"'|&;()\\\\$\`]*+`;
const afterWord = '(?=\\s|$)';
/** `<<EOF` without groups. */
const opener = `(?<!\\S)\\d*+<<-?[ \\t]*+["']?${word}["']?${afterWord}`;
/** An opener where it is known that this one is next. */
const anyOpener = `<<-?[ \\t]*+["']?[\\w.+-]++["']?`;
/** `<<EOF` with the groups 1: dash, 2: quote, 3: word. */
const capturedOpener = `(?<!\\S)\\d*+<<(-?)[ \\t]*+(["']?)(${word})\\2${afterWord}`;
/** The line on which the body ends; the groups are those of the opener. Tabs may precede it after `<<-` only. */
const terminator = '^(?:(?!\\1)\\t)*(\\3)$';
const notTerminator = '^(?!(?:(?!\\1)\\t)*\\3$)';
/** A command line that continues another one may begin at column 0 as bodies do, but it has an opener. */
const bodyStart = `^(?!.*${opener})`;
/** On a continuation line the quotes opened before are unknown; within a string every line but the last continues. */
export const openerOnThisLine = `[ \\t]*+(?![#\\n])(?!.*[\\\\\`][ \\t]*$)${unquoted}${opener}`;

/** The rules of heredocs; `run-heredocs` and `copy-heredocs` start one on the command line of RUN, and of COPY or ADD. */
export function heredocs(): Record<string, Rule> {
  const rules: Record<string, Rule> = {
    'heredoc-opener': {
      match: `(?<!\\S)(\\d*+)(<<-?)[ \\t]*+(["']?)(${word})(\\3)${afterWord}`,
      captures: {
        1: { name: 'constant.numeric.file-descriptor.dockerfile' },
        2: { name: 'keyword.operator.heredoc.dockerfile' },
        3: { name: 'punctuation.definition.string.begin.dockerfile' },
        4: { name: 'entity.name.tag.heredoc.dockerfile' },
        5: { name: 'punctuation.definition.string.end.dockerfile' },
      },
    },
    'heredoc-plain': {
      comment: 'Variables in the body of a quoted word stay as they are.',
      patterns: include('variable'),
    },
  };
  for (const kind of ['run', 'copy'] as const) {
    const numbers = Array.from({ length: mostHeredocs }, (_, index) => index + 1);
    rules[`${kind}-heredocs`] = {
      patterns: include(...numbers.map((number) => `${kind}-heredoc-${number}`).reverse()),
    };
    rules[`${kind}-heredoc-command`] = commandLine(kind);
    for (const number of numbers) rules[`${kind}-heredoc-${number}`] = heredoc(kind, number);
  }
  return rules;
}

/** The rule of the `number`th heredoc of a command line; the ones before it lie within. */
function heredoc(kind: 'run' | 'copy', number: number): Rule {
  const inner = number === 1 ? `${kind}-heredoc-command` : `${kind}-heredoc-${number - 1}`;
  const found = `(?<!\\S)(?=\\S)(?=(?:${unquoted}${opener}){${number - 1}}${unquoted}${capturedOpener})`;
  return {
    name: 'meta.heredoc.dockerfile',
    begin: found,
    end: terminator,
    endCaptures: { 1: { name: 'entity.name.tag.heredoc.dockerfile' } },
    patterns: [
      {
        begin: `\\G${found}`,
        while: notTerminator,
        patterns: [
          ...bodyLanguages.map((language) => bodyIn(language, hints(kind, number, language), inner)),
          ...(kind === 'run' && number === 1 ? bareShell(inner) : []),
          {
            begin: `\\G(?=(?:[^<\\n]*?${anyOpener}){${number - 1}}[^<\\n]*?<<-?[ \\t]*["'])`,
            end: never,
            patterns: [plainBody([]), ...include(inner)],
          },
          { begin: '\\G', end: never, patterns: [plainBody(include('heredoc-plain')), ...include(inner)] },
        ],
      },
    ],
  };
}

/** What on a command line tells the language of its `number`th heredoc. */
function hints(kind: 'run' | 'copy', number: number, language: BodyLanguage): string {
  const before = `(?:[^<\\n]*?${anyOpener}){${number - 1}}[^<\\n]*?`;
  const upTo = before + anyOpener;
  const extension = `\\.(?:${language.extensions})`;
  const wordWithExtension = `${before}<<-?[ \\t]*+["']?[\\w./-]*${extension}["']?(?=\\s|$)`;
  if (kind === 'copy') {
    // The destination is the last word; a folder's files are named by the heredocs' words.
    const destination = `.*\\s["']?[^\\s"']*${extension}["']?[ \\t]*$`;
    return number === 1 ? `${wordWithExtension}|${destination}` : wordWithExtension;
  }
  const redirect = `(?:>>?[ \\t]*|\\btee[ \\t]+(?:-a[ \\t]+)?)["']?[^\\s;&|<"']*${extension}["']?`;
  const written = [
    `${upTo}[^;&<\\n]*?${redirect}(?=[\\s;&|)]|$)`,
    `${before}${redirect}[ \\t]+(?:-[ \\t]+)?<<`,
    wordWithExtension,
  ];
  if (language.interpreters === undefined) return written.join('|');
  const program = `(?:[\\w./-]*/)?(?:${language.interpreters})`;
  return [
    ...written,
    `${before}(?<![\\w./-])${program}(?:[ \\t][^|;&<>\\n]*)?(?<=\\s)<<`,
    `${upTo}[ \\t]+(?:\\w+=\\S+[ \\t]+)*(?:(?:/usr/bin/)?env[ \\t]+)?${program}(?=\\s|$)`,
  ].join('|');
}

function bodyIn(language: BodyLanguage, hint: string, inner: string): Rule {
  return { begin: `\\G(?=${hint})`, end: never, patterns: [body(language), ...include(inner)] };
}

/** `RUN <<EOF` alone is a script for the stage's shell. Unless it starts its line, any next line is the body. */
function bareShell(inner: string): Rule[] {
  const [shell] = bodyLanguages as readonly [BodyLanguage];
  return [
    { start: '(?!^)', bodyBegin: '^' },
    { start: '(?=^)', bodyBegin: bodyStart },
  ].map(({ start, bodyBegin }) => ({
    begin: `\\G${start}(?=${opener}[ \\t]*$)`,
    end: never,
    patterns: [...shebangs(), body(shell, bodyBegin), ...include(inner)],
  }));
}

function body(language: BodyLanguage, begin = bodyStart): Rule {
  return {
    begin,
    end: never,
    contentName: `meta.heredoc.body.dockerfile meta.embedded.block.${language.id}.dockerfile`,
    patterns: [{ include: language.scope }],
  };
}

/** A body of unknown language may name its interpreter on its first line. */
function plainBody(patterns: readonly Rule[]): Rule {
  return {
    patterns: [
      ...shebangs(),
      {
        begin: '^',
        end: never,
        contentName: 'meta.heredoc.body.dockerfile string.unquoted.heredoc.dockerfile',
        patterns,
      },
    ],
  };
}

function shebangs(): Rule[] {
  return bodyLanguages.flatMap((language) =>
    language.interpreters === undefined
      ? []
      : [body(language, `^(?=#!.*?[/ \\t](?:${language.interpreters})(?:\\s|$))`)],
  );
}

/** The rest of the instruction's line from the first heredoc on. Its bodies begin on the next line. */
function commandLine(kind: 'run' | 'copy'): Rule {
  const contentName =
    kind === 'run'
      ? 'meta.heredoc.command.dockerfile meta.embedded.line.shell.dockerfile'
      : 'meta.heredoc.command.dockerfile';
  const patterns =
    kind === 'run' ? [{ include: 'source.shell' }] : include('heredoc-opener', 'flag', 'string', 'variable', 'escape');
  return {
    patterns: [
      { begin: '(?=\\S)(?!.*[\\\\`][ \\t]*$)', while: never, contentName, patterns },
      {
        comment: 'The instruction goes on after its heredocs; here nothing but the line break ends the line.',
        begin: '(?=\\S)',
        end: '(?=\\n)',
        contentName,
        patterns,
      },
    ],
  };
}
