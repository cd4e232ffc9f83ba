import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Called by VS Code inside its extension host. The verdict is mocha's report in the file PLIMSOLL_TEST_REPORT; the
 * rejection only makes the editor end with a code of its own.
 */
export async function run(): Promise<void> {
  const { default: Mocha } = await import('mocha');
  const { PLIMSOLL_TEST_REPORT: report, PLIMSOLL_TEST_GREP: grep } = process.env;
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 30_000,
    ...(grep ? { grep } : {}),
    ...(report ? { reporter: 'json', reporterOptions: { output: report } } : {}),
  });
  for (const file of readdirSync(__dirname).sort()) {
    if (file.endsWith('.test.cjs')) mocha.addFile(join(__dirname, file));
  }
  await mocha.loadFilesAsync();
  const failures = await new Promise<number>((done) => {
    mocha.run(done);
  });
  if (failures > 0) throw new Error(`${failures} tests failed`);
}
