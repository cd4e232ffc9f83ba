/** Skips the running test, or its whole suite when called in `before`, and puts the reason into the report. */
export function skip(context: Mocha.Context, reason: string): never {
  const beforeAll = context.test?.title.startsWith('"before all"') ?? false;
  const titled = beforeAll ? context.test?.parent : (context.currentTest ?? context.test);
  if (titled) titled.title += ` (${reason})`;
  return context.skip();
}
