import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertGone } from '../../test/helpers/processes.ts';
import { runMochaFiles } from './mocha.ts';
import { attemptTwice } from './secondAttempt.ts';

describe('a run of mocha', function () {
  this.timeout(120_000);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'plimsoll-outcome-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (name: string, text: string) => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };

  it('is ended when a test has left something open, and failed for it', async () => {
    const file = write('open.cjs', "it('passes', () => { setInterval(() => {}, 1000); });");
    const { passed, failures } = await runMochaFiles('unit', [file], { graceMs: 200 });
    assert.equal(passed, 1);
    assert.match(failures.map(({ detail }) => detail).join(), /^did not end after its last test/);
  });

  it('is ended at its time limit, with what it has started and although it hears nothing', async () => {
    const ids = join(folder, 'ids');
    const file = write(
      'busy.cjs',
      `const { spawn } = require('node:child_process');
      it('hangs', () => {
        const options = { stdio: 'ignore', detached: true };
        const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], options);
        process.on('SIGTERM', () => {});
        require('node:fs').writeFileSync(${JSON.stringify(ids)}, process.pid + ' ' + child.pid);
        for (;;);
      });`,
    );
    const { failures } = await runMochaFiles('unit', [file], { timeLimit: 6000, politenessMs: 200 });
    assert.match(failures.map(({ detail }) => detail).join(), /^was ended after 0\.1 minutes, its time limit/);
    await assertGone(readFileSync(ids, 'utf8').split(' ').map(Number));
  });

  for (const hook of ['before', 'beforeEach', 'afterEach', 'after']) {
    it(`is tried again for the file whose ${hook} fails`, async () => {
      const good = write('good.cjs', "describe('good', () => { it('passes', () => {}); });");
      // Fails the first time only.
      const flaky = write(
        'flaky.cjs',
        `const { existsSync, writeFileSync } = require('node:fs');
        describe('flaky', () => {
          ${hook}(() => {
            if (existsSync(__filename + '.tried')) return;
            writeFileSync(__filename + '.tried', '');
            throw new Error('no editor');
          });
          it('passes once', () => {});
          it('passes twice', () => {});
        });`,
      );
      const told: string[] = [];
      const named = (files: readonly string[]) => files.map((file) => (file === 'good.ts' ? good : flaky));
      const runs: (readonly string[])[] = [];
      const outcome = await attemptTwice(
        ['good.ts', 'flaky.ts'],
        async (files) => {
          runs.push(files);
          const { passedIn = [], ...rest } = await runMochaFiles('workbench', named(files), {});
          const compiled = (file: string | undefined) => `/out/${file?.includes('good') ? 'good' : 'flaky'}.js`;
          return {
            ...rest,
            passedIn: passedIn.map(compiled),
            failures: rest.failures.map(({ title, detail, file }) => ({
              ...{ title, detail },
              ...(file === undefined ? {} : { file: compiled(file) }),
            })),
          };
        },
        (line) => told.push(line),
      );
      assert.deepEqual(outcome, { passed: 3, failures: [], skips: [] });
      assert.deepEqual(runs, [['good.ts', 'flaky.ts'], ['flaky.ts']]);
      assert.match(told.join(), new RegExp(`second attempt after: flaky .*hook.*no editor`));
    });
  }
});
