import type { Outcome } from './outcome.ts';

/**
 * Runs test files, and those with a failure once more, whole: what drives an editor through its page depends on what
 * else the machine does at that moment. A failure counts when the file fails both times, and the first one is always
 * told, so that a test that needs its second attempt again and again is seen.
 *
 * @param files `*.test.ts` files, relative to the repository
 * @param tell gets a line for each failure of the first attempt that is tried again
 */
export async function attemptTwice(
  files: readonly string[],
  run: (files: readonly string[]) => Promise<Outcome>,
  tell: (line: string) => void,
): Promise<Outcome> {
  const first = await run(files);
  const again = files.filter((file) => first.failures.some((failure) => isCompiledFrom(failure.file, file)));
  // Without the names of all files there is no telling what a second attempt would have to repeat.
  const unnamed = first.failures.some((failure) => !files.some((file) => isCompiledFrom(failure.file, file)));
  if (again.length === 0 || unnamed || !first.passedIn) return first;
  for (const { title, detail } of first.failures) tell(`  second attempt after: ${title}: ${detail.split('\n', 1)[0]}`);
  const second = await run(again);
  const repeated = first.passedIn.filter((passed) => again.some((file) => isCompiledFrom(passed, file))).length;
  return {
    passed: first.passed - repeated + second.passed,
    failures: second.failures,
    // Skips carry no file; those of a repeated file are told once.
    skips: [...new Set([...first.skips, ...second.skips])],
  };
}

function isCompiledFrom(compiled: string | undefined, source: string): boolean {
  return (
    compiled?.replaceAll('\\', '/').endsWith(`/out/${source.replaceAll('\\', '/').replace(/\.ts$/, '.js')}`) ?? false
  );
}
