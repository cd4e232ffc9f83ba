import { defineRule, type Report } from '../../lint/rule.ts';
import { expandingInstructions, platformArgs, predefinedArgs } from '../../model/environment.ts';
import type { Stage } from '../../model/stage.ts';
import type { Instruction } from '../../syntax/instruction.ts';
import { findVariables, type VariableReference } from '../../syntax/variables.ts';
import { replace } from '../../text/edit.ts';
import { inCaseOf, lineAbove, lineBelow } from '../insertLine.ts';
import { meant } from './spelling.ts';

export const undefinedVariable = defineRule({
  id: 'undefined-variable',
  practice: 'syntax',
  summary: 'A variable is used where no `ARG` or `ENV` has set it, so it is empty.',
  why: [
    'The builder puts nothing in place of a variable that it does not know. `COPY app-$TARGETARCH /app` then looks for `app-`, and `FROM node:$VERSION` stops the build.',
    '',
    'An `ARG` in front of the first `FROM` counts for the `FROM` lines alone: a stage that needs it says `ARG NAME` once more. `TARGETPLATFORM` and the like have to be declared in a stage, too. Within one `ENV`, a variable has the value that it had before.',
    '',
    'The environment of a base image can’t be seen here. The rule speaks up where nothing of it can be meant: in `FROM`, for names that are declared elsewhere in this file or are nearly spelt like one, and in stages from `scratch`. References with a default (`${NAME:-x}`) are left alone, and so are `RUN`, `CMD` and `ENTRYPOINT`, whose shell has variables of its own.',
  ].join('\n'),
  severity: 'warning',
  fix: 'suggestion',
  aliases: ['buildkit/UndefinedVar', 'buildkit/UndefinedArgInFrom', 'hadolint/DL3044', 'sonar/S6579'],
  examples: [
    {
      before: 'ARG VERSION=1.2\nFROM debian:13\nLABEL version=$VERSION\n',
      after: 'ARG VERSION=1.2\nFROM debian:13\nARG VERSION\nLABEL version=$VERSION\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const stage of dockerfile.stages) {
      const told = new Set<string>();
      const doubtful = new Set<string>();
      const tell = (found: Report | undefined, name: string): void => {
        if (!found || told.has(name)) return;
        told.add(name);
        report(found);
      };
      for (const reference of referencesIn(stage.from)) tell(inFrom(stage, reference), reference.name);
      for (const instruction of stage.instructions) {
        if (!expandingInstructions.has(instruction.keyword)) continue;
        const environment = stage.envAt(instruction);
        for (const reference of referencesIn(instruction)) {
          const { name } = reference;
          if (environment.get(name) || told.has(name)) continue;
          // Comparing each name with all others takes its time.
          if (doubtful.size < mostNames) tell(inStage(stage, instruction, reference), name);
          doubtful.add(name);
        }
      }
    }
  },
});

/** Unknown names of a stage that are looked into. */
const mostNames = 100;

/** Plain references and those that cut something off; one with a default says what is to be without a value. */
function referencesIn(instruction: Instruction): readonly VariableReference[] {
  const { argsText, argsRange, escape, flags, line } = instruction;
  if (line.gluedAt.length > 0) return [];
  const ofFlags = flags.flatMap(({ value, valueRange }) =>
    value === undefined || !valueRange ? [] : findVariables(value, valueRange.start, escape),
  );
  return [...ofFlags, ...findVariables(argsText, argsRange.start, escape)].filter(
    ({ operator, name }) => /^[A-Za-z_]/.test(name) && (operator === undefined || /^[#%/]/.test(operator)),
  );
}

function inFrom(stage: Stage, { name, nameRange }: VariableReference): Report | undefined {
  const { globalEnvironment, stages, globalArgs } = stage.dockerfile;
  if (globalEnvironment.get(name) || platformArgs.has(name) || predefinedArgs.has(name)) return undefined;
  const declared = globalEnvironment.variables.map((variable) => variable.name);
  const guess = meant(name, declared);
  if (guess !== undefined)
    return {
      range: nameRange,
      message: `${name} is not declared in front of the first FROM, so it is empty here; ${guess} is.`,
      fixes: [{ title: `Write ${guess}`, edits: [replace(nameRange, guess)] }],
    };
  const isLater = stages.some((each) => each.instructions.some((one) => declares(one, name)));
  return {
    range: nameRange,
    message: `${name} is empty here: only an ARG in front of the first FROM counts in FROM; declare it there.`,
    fixes: [
      {
        title: `Declare ARG ${name} in front of ${globalArgs.length > 0 || stages[0] === stage ? 'FROM' : 'the first FROM'} (it needs a value${isLater ? ', as the one below' : ''})`,
        edits: [lineAbove(stage.dockerfile, stages[0]!.from, `${inCaseOf(stage.from, 'ARG')} ${name}`)],
      },
    ],
  };
}

function declares({ keyword, pairs }: Instruction, name: string): boolean {
  return (keyword === 'ARG' || keyword === 'ENV') && pairs.some((pair) => pair.name === name);
}

function inStage(stage: Stage, instruction: Instruction, reference: VariableReference): Report | undefined {
  const { name, nameRange } = reference;
  const environment = stage.envAt(instruction);
  // The builder sets PATH where the base image does not, also from scratch.
  if (environment.get(name) || name === 'PATH' || predefinedArgs.has(name)) return undefined;
  const { dockerfile } = stage;
  const isGlobal = dockerfile.globalEnvironment.get(name) !== undefined;
  if (platformArgs.has(name) || (isGlobal && !mayComeFromBase(stage, name)))
    return {
      range: nameRange,
      message: platformArgs.has(name)
        ? `${name} is empty here: a stage has to declare it; add ARG ${name}.`
        : `${name} is empty here: its ARG counts for the FROM lines alone; add ARG ${name} to this stage.`,
      fixes: [
        {
          title: `Declare ARG ${name} in this stage (${name} then has its value)`,
          edits: [lineBelow(dockerfile, stage.from, `${inCaseOf(stage.from, 'ARG')} ${name}`)],
        },
      ],
    };
  const own = sameInstruction(instruction, reference, dockerfile.lineBreak);
  if (own !== undefined && !mayComeFromBase(stage, name))
    return {
      range: nameRange,
      message: `${name} is not yet set here: within one ENV a variable has the value from before; set it in an ENV above.`,
      fixes: own,
    };
  const known = [...new Set(['PATH', ...environment.variables.map((variable) => variable.name)])].filter(
    (each) => each.length > 3,
  );
  const guess = name.length > 3 ? meant(name, known) : undefined;
  const isNear = guess !== undefined && (!environment.open || isMisspelt(name, guess));
  if (isNear && !mayComeFromBase(stage, name))
    return {
      range: nameRange,
      message: `${name} is set nowhere, so it is empty here; ${guess} is probably meant.`,
      fixes: [{ title: `Write ${guess}`, edits: [replace(nameRange, guess)] }],
    };
  if (environment.open || name === 'PATH') return undefined;
  return { range: nameRange, message: `${name} is set nowhere, so it is empty here; declare it with ARG or ENV.` };
}

/** Letters swapped, left out or put in; `APP_A` for `APP_B` may well be another name. */
function isMisspelt(name: string, guess: string): boolean {
  const sorted = (text: string): string => [...text.toUpperCase()].sort().join('');
  return sorted(name) === sorted(guess) || (Math.abs(name.length - guess.length) === 1 && !/\d/.test(name));
}

/**
 * Whether the base image may well set a variable of that name: nothing is known of the image, or the name speaks of the
 * software that images bring (`NODE_VERSION`, `JAVA_HOME`).
 */
function mayComeFromBase(stage: Stage, name: string): boolean {
  if (stage.rootBase.isScratch) return false;
  const { facts } = stage.rootBase;
  if (!facts?.official) return true;
  const subject = facts.repository.split('/').pop()!.replace(/\W/g, '_').toUpperCase();
  return name.startsWith(subject) || ofImages.test(name);
}

const ofImages =
  /^(?:PATH|HOME|HOSTNAME|LANG|LANGUAGE|LC_\w+|TERM|TZ|USER|DEBIAN_FRONTEND|APP_UID|GPG_KEYS?)$|^(?:NODE|NPM|YARN|PYTHON|PIP|GO|GOLANG|RUBY|GEM|BUNDLE|PHP|JAVA|JDK|JRE|MAVEN|GRADLE|PG|POSTGRES|MYSQL|MARIADB|MONGO|REDIS|NGINX|NJS|PKG|DOTNET|ASPNET|NUGET|HTTPD|APACHE|TOMCAT|CATALINA|RUST|CARGO|ERLANG|OTP|ELIXIR|SWIFT|JULIA|CONDA|COMPOSER|SOLR|KAFKA|ES|RABBITMQ|GHOST|WORDPRESS|DOCKER|DIND|PERL|HASKELL|GHC|R)(?:_|PATH$|ROOT$|HOME$)/;

/** Fixes when the same ENV sets the variable in front of its use; undefined when it does not. */
function sameInstruction(
  instruction: Instruction,
  { name, range }: VariableReference,
  lineBreak: string,
): Report['fixes'] | undefined {
  const { keyword, pairs, comments, legacyPair } = instruction;
  if (keyword !== 'ENV' || legacyPair) return undefined;
  const user = pairs.findIndex((pair) => pair.range.start <= range.start && range.end <= pair.range.end);
  const setter = pairs.findIndex((pair) => pair.name === name);
  if (setter < 0 || user <= setter) return undefined;
  if (comments.length > 0) return [];
  const gap = { start: pairs[user - 1]!.range.end, end: pairs[user]!.range.start };
  return [
    {
      title: `Begin an ENV of its own here (${name} then has its new value)`,
      edits: [replace(gap, `${lineBreak}${inCaseOf(instruction, 'ENV')} `)],
    },
  ];
}
