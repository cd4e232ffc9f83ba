import type { ArgInfo } from '../../../server/src/features/protocol.ts';

/** Build arguments that the builder fills in itself. */
const predefined =
  /^(?:(?:https?|ftp|no|all)_proxy|(?:TARGET|BUILD)(?:PLATFORM|OS|ARCH|VARIANT)|TARGETSTAGE|SOURCE_DATE_EPOCH|BUILDKIT_\w+)$/i;

/** What a user has answered before. */
interface Answers {
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly skippedArgs: readonly string[];
}

/**
 * The build arguments whose value nobody knows: declared without a default, not filled in by the builder and not
 * answered before. Each name comes once, in the order of the Dockerfile.
 */
export function argumentsToAsk(declared: readonly ArgInfo[], answers: Answers | undefined): string[] {
  const withDefault = new Set(declared.filter(({ hasDefault }) => hasDefault).map(({ name }) => name));
  const open = declared
    .map(({ name }) => name)
    // A stage repeats a global ARG without its default to get it.
    .filter((name) => !withDefault.has(name) && !predefined.test(name))
    .filter((name) => !answers || (!Object.hasOwn(answers.buildArgs, name) && !answers.skippedArgs.includes(name)));
  return [...new Set(open)];
}
