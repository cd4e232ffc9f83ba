import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getVSCodeTokens, parseSnap, renderSnap } from 'vscode-tmgrammar-test/dist/snapshot/index.js';
import { parseGrammarTestCase, runGrammarTestCase } from 'vscode-tmgrammar-test/dist/unit/index.js';
import { grammars } from '../../scripts/grammar.ts';
import { root } from '../../scripts/root.ts';
import { asyncCpuTime } from '../helpers/cpuTime.ts';
import { createRegistry } from './languages.ts';

const folder = join(root, 'test/grammar');
const scope = 'source.dockerfile';
/** Set to write the snapshots anew: `UPDATE_SNAPSHOTS=1 npm run test:grammar`. Read the difference before committing. */
const update = process.env['UPDATE_SNAPSHOTS'] === '1';

interface Contribution {
  readonly scopeName: string;
  readonly path: string;
  readonly embeddedLanguages?: Readonly<Record<string, string>>;
}

describe('grammar', () => {
  const registry = createRegistry(
    Object.keys(grammars).map((file) => readFileSync(join(root, 'syntaxes', file), 'utf8')),
  );

  describe('generated files', () => {
    for (const [file, grammar] of Object.entries(grammars)) {
      it(`syntaxes/${file} is up to date (npm run build:grammar)`, () => {
        const written: unknown = JSON.parse(readFileSync(join(root, 'syntaxes', file), 'utf8'));
        assert.deepEqual(written, JSON.parse(JSON.stringify(grammar)));
      });
    }

    it('are contributed with a language for each embedded scope', () => {
      const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
        contributes: { grammars: readonly Contribution[] };
      };
      const contributed = manifest.contributes.grammars;
      for (const [file, grammar] of Object.entries(grammars)) {
        const entry = contributed.find(({ path }) => path === `./syntaxes/${file}`);
        assert.equal(entry?.scopeName, grammar.scopeName);
      }
      const used = new Set(JSON.stringify(grammars).match(/meta\.embedded\.(?:line|block)\.\w+\.dockerfile/g));
      const mapped = contributed.flatMap(({ embeddedLanguages }) => Object.keys(embeddedLanguages ?? {}));
      assert.deepEqual([...used].sort(), mapped.sort());
    });
  });

  describe('snapshots', () => {
    for (const file of filesIn('dockerfiles', '.Dockerfile')) {
      it(file, async () => {
        const path = join(folder, 'dockerfiles', file);
        const tokens = await getVSCodeTokens(registry, scope, readFileSync(path, 'utf8'));
        const snapshot = `${path}.snap`;
        if (update) writeFileSync(snapshot, renderSnap(tokens));
        assert.ok(existsSync(snapshot), 'there is no snapshot; see UPDATE_SNAPSHOTS');
        // Rendering the parsed snapshot again keeps a difference readable line by line.
        assert.equal(renderSnap(tokens), renderSnap(parseSnap(readFileSync(snapshot, 'utf8'))));
      });
    }
  });

  describe('assertions', () => {
    for (const file of filesIn('assertions', '.dockerfile')) {
      it(file, async () => {
        const text = readFileSync(join(folder, 'assertions', file), 'utf8');
        const failures = await runGrammarTestCase(registry, parseGrammarTestCase(text));
        assert.deepEqual(
          failures.map(({ line, start, end, missing, unexpected, actual }) => {
            const at = `${file}:${line + 1}, columns ${start}-${end}`;
            return `${at}: missing [${missing.join(' ')}], unexpected [${unexpected.join(' ')}] in ${actual.join(' ')}`;
          }),
          [],
        );
      });
    }
  });

  describe('time', () => {
    it('is linear in the number of lines', async () => {
      const stage = readFileSync(join(folder, 'dockerfiles/multi-stage.Dockerfile'), 'utf8');
      const lines = stage.split('\n').length;
      const short = await milliseconds(stage.repeat(Math.ceil(1_000 / lines)));
      const long = await milliseconds(stage.repeat(Math.ceil(10_000 / lines)));
      assert.ok(long < 40 * Math.max(short, 50), `1,000 lines: ${short} ms, 10,000 lines: ${long} ms`);
    }).timeout(60_000);

    const length = 2_500;
    const longLines: Readonly<Record<string, string>> = {
      words: `RUN ${'word '.repeat(length / 5)}`,
      'unclosed quotes': `RUN ${'"a\' '.repeat(length / 4)}`,
      'heredoc operators': `RUN ${'<< '.repeat(length / 3)}`,
      heredocs: `RUN cat ${'<<A '.repeat(length / 4)}`,
      'copied heredocs': `COPY ${'<<"A" '.repeat(length / 6)}`,
      escapes: `RUN ${'\\'.repeat(length)}x`,
      blanks: `RUN${' '.repeat(length)}#${' '.repeat(length)}`,
      variables: `ENV A=${'${A:-'.repeat(length / 5)}`,
      'a JSON array': `RUN [${'"a", '.repeat(length / 5)}`,
      'an image name': `FROM ${'a/b:c'.repeat(length / 5)}`,
    };
    for (const [name, line] of Object.entries(longLines)) {
      it(`is short for a long line of ${name}`, async () => {
        const spent = await milliseconds(`FROM a\n${line}\nUSER b\n`);
        assert.ok(spent < 2_000, `${spent} ms`);
      }).timeout(30_000);
    }
  });

  async function milliseconds(text: string): Promise<number> {
    return Math.round(
      await asyncCpuTime(async () => {
        await getVSCodeTokens(registry, scope, text);
      }),
    );
  }
});

function filesIn(name: string, ending: string): string[] {
  return readdirSync(join(folder, name))
    .filter((file) => file.endsWith(ending))
    .sort();
}
