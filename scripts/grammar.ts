import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { heredocs } from './grammar/heredocs.ts';
import { instructions } from './grammar/instructions.ts';
import { pieces } from './grammar/pieces.ts';
import { type Captures, type Grammar, include, never, type Rule } from './grammar/rule.ts';
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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(join(root, 'syntaxes'), { recursive: true });
  for (const [file, grammar] of Object.entries(grammars)) {
    writeFileSync(join(root, 'syntaxes', file), `${JSON.stringify(grammar, undefined, 2)}\n`);
  }
}
