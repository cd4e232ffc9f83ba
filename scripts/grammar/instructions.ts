import { openerOnThisLine } from './heredocs.ts';
import { include, instructionEnd, type Rule } from './rule.ts';

/** A rule for each instruction, and the list of them. */
export function instructions(): Record<string, Rule> {
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
    'command-shell': command('shell', 'source.shell'),
    'command-batch': command('batch', 'source.batchfile'),
    'command-powershell': command('powershell', 'source.powershell'),
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
