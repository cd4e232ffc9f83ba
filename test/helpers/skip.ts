/** Skips the running test, or its whole suite when called in `before`, and puts the reason into the report. */
export function skip(context: Mocha.Context, reason: string): never {
  const runnable = context.currentTest ?? context.test;
  const inHook = runnable !== undefined && 'type' in runnable && runnable.type === 'hook';
  const titled = inHook ? runnable.parent : runnable;
  if (titled) titled.title += ` (${reason})`;
  return context.skip();
}
