import { type Captures, include, instructionEnd, type Rule } from './rule.ts';

/** Blanks at the start of a continuation line are consumed: a rule that ends without advancing there loses `\G`. */
const flagEnd = '^[ \\t]+|(?=\\s)';

/** What instructions are made of: JSON form, flags, image names, strings, variables. */
export function pieces(): Record<string, Rule> {
  return {
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
