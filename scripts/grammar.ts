import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './root.ts';

/*
 * The source of syntaxes/*.json. TextMate regular expressions cannot be composed, and finding a heredoc needs long ones
 * in many variants, so the grammar is put together here: `npm run build:grammar`.
 *
 * Three mechanisms carry it:
 *
 * - Continuation. An escape and its line break begin the rule `continuation`; having swallowed the line break, that rule
 *   lets `\G` match at the start of the next line (and only then). So `^(?!\G)` means "a new logical line" and
 *   `while: \G` "still the same one". The rule stays on top over comment and blank lines, which vanish in a
 *   continuation. It is injected, so it works in the middle of an embedded shell string as well.
 * - Containment. Embedded languages sit inside begin/while rules. TextMate checks `while` outermost first at each line
 *   start, so an unclosed quote cannot run past the instruction or past the end of a heredoc.
 * - Heredocs. Bodies follow the whole command line, first heredoc first; so the rule for the last heredoc is opened
 *   first, the others within it. The word that ends a body is captured by a look-ahead over the command line.
 */

interface Rule {
  readonly comment?: string;
  readonly include?: string;
  readonly name?: string;
  readonly contentName?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly while?: string;
  readonly captures?: Captures;
  readonly beginCaptures?: Captures;
  readonly endCaptures?: Captures;
  readonly whileCaptures?: Captures;
  readonly patterns?: readonly Rule[];
}

type Captures = Readonly<Record<string, { readonly name?: string; readonly patterns?: readonly Rule[] }>>;

interface Grammar {
  readonly information_for_contributors: readonly string[];
  readonly name: string;
  readonly scopeName: string;
  readonly injectionSelector?: string;
  readonly injections?: Readonly<Record<string, { readonly patterns: readonly Rule[] }>>;
  readonly patterns: readonly Rule[];
  readonly repository?: Readonly<Record<string, Rule>>;
}

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

const instructionEnd = '^(?!\\G)';
const never = '(?!)';
/** Blanks at the start of a continuation line are consumed: a rule that ends without advancing there loses `\G`. */
const flagEnd = '^[ \\t]+|(?=\\s)';

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
const openerOnThisLine = `[ \\t]*+(?![#\\n])(?!.*[\\\\\`][ \\t]*$)${unquoted}${opener}`;

const include = (...names: readonly string[]): Rule[] => names.map((name) => ({ include: `#${name}` }));

export const dockerfileGrammar: Grammar = {
  information_for_contributors: ['Generated from scripts/grammar.ts; run `npm run build:grammar` after changing it.'],
  name: 'Dockerfile',
  scopeName: 'source.dockerfile',
  injections: {
    'L:meta.instruction.dockerfile - meta.escape-backtick.dockerfile - meta.heredoc.body.dockerfile': {
      patterns: include('continuation'),
    },
    'L:meta.escape-backtick.dockerfile meta.instruction.dockerfile - meta.heredoc.body.dockerfile': {
      patterns: include('continuation-backtick'),
    },
    'L:(meta.embedded.line.shell.dockerfile | meta.embedded.line.powershell.dockerfile) - string - comment - meta.comment-line.dockerfile':
      {
        patterns: include('shell-comment'),
      },
    'L:meta.heredoc.command.dockerfile - meta.heredoc.body.dockerfile - string.quoted': {
      patterns: include('heredoc-opener'),
    },
  },
  patterns: include('directives', 'main'),
  repository: {
    main: { patterns: include('comment', 'powershell-stage', 'instructions') },
    'main-windows': { patterns: include('comment', 'powershell-stage', 'instructions-batch', 'instructions') },
    ...directives(),
    ...comments(),
    continuation: continuation('\\\\'),
    'continuation-backtick': continuation('`'),
    ...instructions(),
    ...pieces(),
    ...heredocs(),
  },
};

/** A Markdown code fence has another grammar at its root, whose injections do not include ours. */
export const embeddedGrammar: Grammar = {
  information_for_contributors: dockerfileGrammar.information_for_contributors,
  name: 'Line continuation of Dockerfiles embedded in other languages',
  scopeName: 'source.dockerfile.embedded',
  injectionSelector: 'L:meta.instruction.dockerfile - meta.escape-backtick.dockerfile - meta.heredoc.body.dockerfile',
  patterns: [{ include: 'source.dockerfile#continuation' }],
};

/** What is generated, by file name in syntaxes/. */
export const grammars: Readonly<Record<string, Grammar>> = {
  'dockerfile.tmLanguage.json': dockerfileGrammar,
  'dockerfile-embedded.tmLanguage.json': embeddedGrammar,
};

function directives(): Record<string, Rule> {
  const directive = '[ \\t]*#[ \\t]*(?i:syntax|escape|check)[ \\t]*=';
  const captures = (valueScope: string): Captures => ({
    1: { name: 'punctuation.definition.directive.dockerfile' },
    2: { name: 'keyword.control.directive.dockerfile' },
    3: { name: 'keyword.operator.assignment.dockerfile' },
    4: { name: valueScope },
  });
  const line = (name: string) => `^[ \\t]*(#)[ \\t]*((?i:${name}))[ \\t]*(=)[ \\t]*`;
  return {
    directives: {
      comment: 'Directives are directives at the very top only; the first other line ends them.',
      begin: `\\A(?=${directive})`,
      end: `^(?!${directive})`,
      patterns: [
        {
          comment:
            'The escape character holds for the rest of the file, so this rule never ends. Windows files have it.',
          begin: `${line('escape')}(\`)[ \\t]*$`,
          end: never,
          beginCaptures: captures('constant.character.escape.dockerfile'),
          contentName: 'meta.escape-backtick.dockerfile',
          patterns: [
            { begin: '\\G', end: `^(?!${directive})`, patterns: include('directive') },
            ...include('main-windows'),
          ],
        },
        ...include('directive'),
      ],
    },
    directive: {
      patterns: [
        {
          name: 'meta.directive.dockerfile',
          match: `${line('escape')}(\\S?)`,
          captures: captures('constant.character.escape.dockerfile'),
        },
        {
          name: 'meta.directive.dockerfile',
          match: `${line('syntax')}(\\S*)`,
          captures: captures('string.unquoted.frontend.dockerfile'),
        },
        {
          name: 'meta.directive.dockerfile',
          match: `${line('check')}(.*)$`,
          captures: {
            ...captures('meta.checks.dockerfile'),
            4: {
              name: 'meta.checks.dockerfile',
              patterns: [
                { name: 'keyword.other.check.dockerfile', match: '(?i:skip|error|experimental)(?=[ \\t]*=)' },
                { name: 'keyword.operator.assignment.dockerfile', match: '=' },
                { name: 'constant.language.dockerfile', match: '\\b(?i:true|false|all)\\b' },
                { name: 'entity.name.rule.dockerfile', match: '[\\w-]+' },
                { name: 'punctuation.separator.dockerfile', match: '[,;]' },
              ],
            },
          },
        },
      ],
    },
  };
}

function comments(): Record<string, Rule> {
  return {
    comment: {
      patterns: [
        {
          comment: 'Findings are ignored by our comment and by those of others.',
          name: 'comment.line.number-sign.dockerfile meta.suppression.dockerfile',
          match:
            '^[ \\t]*(#)[ \\t]*(plimsoll|hadolint)[ \\t]+((?:(?:global|file)[ \\t]+)?ignore)[ \\t]*(=)[ \\t]*([\\w./-]+(?:[ \\t]*,[ \\t]*[\\w./-]+)*)(?:[ \\t]*(:)(.*))?.*$',
          captures: {
            1: { name: 'punctuation.definition.comment.dockerfile' },
            2: { name: 'keyword.control.suppression.dockerfile' },
            3: { name: 'keyword.control.suppression.dockerfile' },
            4: { name: 'keyword.operator.assignment.dockerfile' },
            5: { patterns: [{ name: 'entity.name.rule.dockerfile', match: '[\\w./-]+' }] },
            6: { name: 'punctuation.separator.dockerfile' },
            7: { name: 'meta.reason.dockerfile' },
          },
        },
        {
          name: 'comment.line.number-sign.dockerfile',
          match: '^[ \\t]*(#).*$',
          captures: { 1: { name: 'punctuation.definition.comment.dockerfile' } },
        },
      ],
    },
  };
}

/** `escape` is the escape character as a regular expression. An escaped escape does not continue the line. */
function continuation(escape: string): Rule {
  return {
    begin: `(?<!${escape})(?:${escape}${escape})*+(${escape})[ \\t]*\\r?\\n`,
    while: '^(?:([ \\t]*+#.*)|[ \\t]*+)$',
    beginCaptures: { 1: { name: 'constant.character.escape.line-continuation.dockerfile' } },
    whileCaptures: { 1: { name: 'meta.comment-line.dockerfile', patterns: include('comment') } },
  };
}

function instructions(): Record<string, Rule> {
  const path = include('flag', 'json-form', 'copy-heredocs', 'string', 'variable', 'url', 'escape');
  const rules: Record<string, Rule> = {
    from: instruction('FROM', [
      ...include('flag'),
      {
        match: '(?i)(?<=\\s)(AS)[ \\t]+([\\w.$\\{\\}-]+)',
        captures: {
          1: { name: 'keyword.control.as.dockerfile' },
          2: { name: 'entity.name.type.stage.dockerfile', patterns: include('variable') },
        },
      },
      { name: 'keyword.control.as.dockerfile', match: '(?i)(?<=\\s)AS(?=\\s)' },
      { name: 'constant.language.scratch.dockerfile', match: '(?<=\\s)scratch(?=\\s)' },
      ...include('image'),
    ]),
    shell: instruction('SHELL', include('json-form', 'string')),
    copy: instruction('COPY|ADD', path),
    env: instruction('ENV|LABEL', [
      {
        comment: 'The old form: ENV key value',
        match: '\\G[ \\t]+([^\\s=$"\']+)(?=[ \\t]+[^\\s=\\\\`])',
        captures: { 1: { name: 'variable.other.assignment.dockerfile' } },
      },
      ...include('assignment', 'string', 'variable', 'escape'),
    ]),
    arg: instruction('ARG', [
      ...include('assignment'),
      { name: 'variable.other.assignment.dockerfile', match: '(?<=\\s)[A-Za-z_]\\w*(?=\\s)' },
      ...include('string', 'variable', 'escape'),
    ]),
    expose: instruction('EXPOSE', [
      {
        match: '\\b(\\d+(?:-\\d+)?)(?:(/)((?i:tcp|udp|sctp))?)?',
        captures: {
          1: { name: 'constant.numeric.port.dockerfile' },
          2: { name: 'punctuation.separator.protocol.dockerfile' },
          3: { name: 'constant.language.protocol.dockerfile' },
        },
      },
      ...include('variable'),
    ]),
    user: instruction('USER', [
      { name: 'punctuation.separator.group.dockerfile', match: ':(?![-+=?])' },
      { name: 'constant.numeric.id.dockerfile', match: '(?<![\\w-])\\d+(?![\\w-])' },
      ...include('variable'),
      { name: 'entity.name.user.dockerfile', match: '[A-Za-z_][\\w.-]*' },
    ]),
    stopsignal: instruction('STOPSIGNAL', [
      { name: 'constant.language.signal.dockerfile', match: '(?i)\\b(?:SIG)?[A-Z][A-Z0-9+-]*' },
      { name: 'constant.numeric.signal.dockerfile', match: '\\b\\d+\\b' },
      ...include('variable'),
    ]),
    paths: instruction('VOLUME|WORKDIR', include('json-form', 'string', 'variable', 'escape')),
    maintainer: {
      ...instruction('MAINTAINER', include('string', 'variable')),
      contentName: 'string.unquoted.maintainer.dockerfile',
    },
    onbuild: {
      comment: 'What ONBUILD stores is matched by the other rules; alone it still is an instruction.',
      name: 'keyword.control.onbuild.dockerfile',
      match: '(?i)^[ \\t]*ONBUILD(?=\\s)',
    },
  };
  const renamed = Object.entries(rules).map(([name, rule]) => [`instruction-${name}`, rule] as const);
  const powershell = '[ \\t]*(?i:SHELL)[ \\t]*\\[[ \\t]*"(?:[^"]*[\\\\/])?(?i:powershell|pwsh)(?:\\.exe)?"';
  return {
    instructions: { patterns: include('instructions-shell', ...renamed.map(([name]) => name)) },
    'instructions-shell': { patterns: commands('shell') },
    'instructions-batch': { patterns: commands('batch') },
    'powershell-stage': {
      comment: 'SHELL changes the language of the commands up to the end of the stage.',
      begin: `^(?=${powershell})`,
      end: `^(?=[ \\t]*(?i:FROM)\\s)|^(?=[ \\t]*(?i:SHELL)\\s)(?!${powershell})`,
      patterns: [...include('comment'), ...commands('powershell'), ...include('instructions')],
    },
    ...Object.fromEntries(renamed),
  };
}

/** The instructions that hold a command, for a shell language. */
function commands(language: 'shell' | 'batch' | 'powershell'): Rule[] {
  const command = ['json-form', `command-${language}`];
  return [
    instruction('RUN', include('flag', 'json-form', 'run-heredocs', `command-${language}`)),
    instruction('CMD|ENTRYPOINT', include(...command)),
    instruction('HEALTHCHECK', [
      ...include('flag'),
      { name: 'constant.language.none.dockerfile', match: '(?i)(?<=\\s)NONE(?=\\s)' },
      { name: 'keyword.other.special-method.dockerfile', match: '(?i)(?<!\\S)CMD(?=\\s)' },
      ...include(...command),
    ]),
  ];
}

function command(language: string, scope: string): Rule {
  return {
    begin: '(?=[^\\s\\\\`]|[\\\\`](?![ \\t]*$))',
    while: `\\G(?!${openerOnThisLine})`,
    contentName: `meta.embedded.line.${language}.dockerfile`,
    patterns: [{ include: scope }],
  };
}

function instruction(keyword: string, patterns: readonly Rule[]): Rule {
  return {
    name: 'meta.instruction.dockerfile',
    begin: `^[ \\t]*(?:((?i:ONBUILD))[ \\t]+)?((?i:${keyword}))(?=\\s|[\\\\\`][ \\t]*$)`,
    end: instructionEnd,
    beginCaptures: {
      1: { name: 'keyword.control.onbuild.dockerfile' },
      2: { name: 'keyword.other.special-method.dockerfile' },
    },
    patterns,
  };
}

function pieces(): Record<string, Rule> {
  return {
    'command-shell': command('shell', 'source.shell'),
    'command-batch': command('batch', 'source.batchfile'),
    'command-powershell': command('powershell', 'source.powershell'),
    'shell-comment': {
      comment:
        'The shell sees one line: its comment goes on over a continuation. Grammars of the shell swallow the escape.',
      name: 'comment.line.number-sign.shell',
      begin: '(?:(?<![ \\t])[ \\t]++|(?<![^ \\t]))(#)',
      end: '(?=\\n)',
      beginCaptures: { 1: { name: 'punctuation.definition.comment.shell' } },
    },
    'json-form': {
      comment: 'A `[` that a JSON string follows; `[ "$a" = b ]` is the shell command.',
      name: 'meta.json-form.dockerfile',
      begin: '(?<=\\s)\\[(?=\\s*(?:"(?:[^"\\\\\\n]|\\\\.)*+"\\s*(?:,|\\]\\s*$|[\\\\`]?\\s*$)|\\]\\s*$|[\\\\`]?\\s*$))',
      end: `\\]|${instructionEnd}`,
      beginCaptures: { 0: { name: 'punctuation.definition.array.begin.dockerfile' } },
      endCaptures: { 0: { name: 'punctuation.definition.array.end.dockerfile' } },
      patterns: [
        {
          name: 'string.quoted.double.dockerfile',
          begin: '"',
          end: '"|(?=\\n)',
          beginCaptures: { 0: { name: 'punctuation.definition.string.begin.dockerfile' } },
          endCaptures: { 0: { name: 'punctuation.definition.string.end.dockerfile' } },
          patterns: [
            { name: 'constant.character.escape.dockerfile', match: '\\\\(?:["\\\\/bfnrt]|u[0-9A-Fa-f]{4})' },
            { name: 'invalid.illegal.escape.dockerfile', match: '\\\\[^"\\\\/bfnrtu\\s]' },
            ...include('variable'),
          ],
        },
        { name: 'punctuation.separator.array.dockerfile', match: ',' },
      ],
    },
    flag: {
      patterns: [
        {
          comment: '--mount=type=cache,target=/x: a list of options',
          begin: '(?<!\\S)(--)((?i:mount))(=)',
          end: flagEnd,
          name: 'meta.flag.dockerfile',
          beginCaptures: flagCaptures(),
          patterns: [
            {
              match: '(?<=[=,"])([A-Za-z][A-Za-z-]*)(=)|(?<=[,"])([A-Za-z][A-Za-z-]*)(?=[,\\s"])',
              captures: {
                1: { name: 'entity.other.attribute-name.dockerfile' },
                2: { name: 'keyword.operator.assignment.dockerfile' },
                3: { name: 'entity.other.attribute-name.dockerfile' },
              },
            },
            { name: 'punctuation.separator.option.dockerfile', match: ',' },
            { name: 'punctuation.definition.string.dockerfile', match: '"' },
            ...include('variable'),
            { name: 'string.unquoted.flag-value.dockerfile', match: '[^\\s,"$\\\\]+' },
          ],
        },
        {
          comment: '--from=stage or --from=image:tag',
          begin: '(?<!\\S)(--)((?i:from))(=)',
          end: flagEnd,
          name: 'meta.flag.dockerfile',
          beginCaptures: flagCaptures(),
          patterns: [
            { name: 'constant.numeric.stage.dockerfile', match: '(?<==)\\d+(?=\\s)' },
            { name: 'entity.name.type.stage.dockerfile', match: '(?<==)[A-Za-z][\\w.-]*(?=\\s)' },
            ...include('image'),
          ],
        },
        {
          begin: '(?<!\\S)(--)([A-Za-z][\\w-]*)(?:(=)|(?=\\s))',
          end: flagEnd,
          name: 'meta.flag.dockerfile',
          beginCaptures: flagCaptures(),
          patterns: [
            ...include('variable'),
            { name: 'constant.language.dockerfile', match: '(?<==)(?i:true|false)(?=\\s)' },
            { name: 'constant.numeric.dockerfile', match: '(?<==)[0-9.]+(?:ns|us|ms|s|m|h)?(?=\\s)' },
            { name: 'string.unquoted.flag-value.dockerfile', match: '[^\\s$\\\\]+' },
          ],
        },
      ],
    },
    image: {
      patterns: [
        {
          match: '(@)((?:[a-z0-9]+(?:[.+_-][a-z0-9]+)*):[0-9A-Fa-f]+)',
          captures: {
            1: { name: 'punctuation.separator.digest.dockerfile' },
            2: { name: 'constant.other.digest.dockerfile' },
          },
        },
        {
          comment: 'A tag is what follows the last colon; a colon before a slash belongs to a port.',
          begin: '(:)(?=[^\\s/]*(?:\\s|$))',
          end: '^[ \\t]+|(?=[\\s@])',
          beginCaptures: { 1: { name: 'punctuation.separator.tag.dockerfile' } },
          contentName: 'constant.other.tag.dockerfile',
          patterns: include('variable'),
        },
        {
          match: '(?<=[\\s=])((?:localhost|[\\w-]+(?:\\.[\\w-]+)+)(?::\\d+)?|[\\w-]+:\\d+)(/)',
          captures: {
            1: { name: 'entity.name.namespace.registry.dockerfile' },
            2: { name: 'punctuation.separator.path.dockerfile' },
          },
        },
        ...include('variable', 'string'),
        { name: 'punctuation.separator.path.dockerfile', match: '/' },
        { name: 'entity.name.type.image.dockerfile', match: '[^\\s:@/$"\'\\\\`]+' },
      ],
    },
    assignment: {
      patterns: [
        {
          match: '(?<!\\S)([^\\s=$"\'#\\\\`][^\\s=$"\'\\\\]*)(=)',
          captures: {
            1: { name: 'variable.other.assignment.dockerfile' },
            2: { name: 'keyword.operator.assignment.dockerfile' },
          },
        },
        {
          match: '(?<!\\S)("[^"\\n]*"|\'[^\'\\n]*\')(=)',
          captures: {
            1: { name: 'variable.other.assignment.dockerfile' },
            2: { name: 'keyword.operator.assignment.dockerfile' },
          },
        },
        { name: 'constant.numeric.dockerfile', match: '(?<==)\\d+(?:\\.\\d+)*(?=\\s)' },
        { name: 'constant.language.dockerfile', match: '(?<==)(?:true|false)(?=\\s)' },
      ],
    },
    string: {
      patterns: [
        quoted('"', 'string.quoted.double.dockerfile', include('escape', 'variable')),
        quoted("'", 'string.quoted.single.dockerfile', []),
      ],
    },
    escape: { name: 'constant.character.escape.dockerfile', match: '\\\\[^\\s]' },
    url: { name: 'markup.underline.link.dockerfile', match: '(?<!\\S)(?:https?|git|ssh)(?:://|@)[^\\s$"\']+' },
    variable: {
      patterns: [
        {
          name: 'variable.other.dockerfile',
          match: '(\\$)[A-Za-z_]\\w*|(\\$)\\d',
          captures: {
            1: { name: 'punctuation.definition.variable.dockerfile' },
            2: { name: 'punctuation.definition.variable.dockerfile' },
          },
        },
        {
          comment: '${x}, ${x:-word}, ${x#pattern}, ${x/pattern/word}; the word may hold variables again.',
          name: 'meta.expansion.dockerfile',
          begin: '(\\$\\{)([A-Za-z_]\\w*|\\d+)?',
          end: '\\}|(?=\\n)',
          beginCaptures: {
            1: { name: 'punctuation.definition.variable.begin.dockerfile' },
            2: { name: 'variable.other.dockerfile' },
          },
          endCaptures: { 0: { name: 'punctuation.definition.variable.end.dockerfile' } },
          patterns: [
            { name: 'keyword.operator.expansion.dockerfile', match: '\\G(?::?[-+?=]|##?|%%?|//?)' },
            ...include('escape', 'variable'),
            { name: 'keyword.operator.expansion.dockerfile', match: '/' },
            { name: 'string.unquoted.expansion.dockerfile', match: '[^\\}$\\\\/\\n]+' },
          ],
        },
      ],
    },
  };
}

function flagCaptures(): Captures {
  return {
    1: { name: 'punctuation.definition.flag.dockerfile' },
    2: { name: 'variable.parameter.flag.dockerfile' },
    3: { name: 'keyword.operator.assignment.dockerfile' },
  };
}

function quoted(quote: string, name: string, patterns: readonly Rule[]): Rule {
  return {
    name,
    begin: quote,
    end: `${quote}|(?=\\n)`,
    beginCaptures: { 0: { name: 'punctuation.definition.string.begin.dockerfile' } },
    endCaptures: { 0: { name: 'punctuation.definition.string.end.dockerfile' } },
    patterns,
  };
}

function heredocs(): Record<string, Rule> {
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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(join(root, 'syntaxes'), { recursive: true });
  for (const [file, grammar] of Object.entries(grammars)) {
    writeFileSync(join(root, 'syntaxes', file), `${JSON.stringify(grammar, undefined, 2)}\n`);
  }
}
