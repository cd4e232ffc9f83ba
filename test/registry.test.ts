import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stalePages } from '../scripts/generate-docs.ts';
import { practices } from '../server/src/lint/finding.ts';
import { version } from '../server/src/lint/version.ts';
import { allRules } from '../server/src/rules/index.ts';
import { exercised } from './helpers/describeRule.ts';
import { repositoryRoot } from './helpers/repositoryRoot.ts';
import { skip } from './helpers/skip.ts';

const rulesFolder = join(repositoryRoot, 'server/src/rules');

/** Tools whose names for a rule we know. */
const tools = [
  'hadolint',
  'buildkit',
  'trivy',
  'checkov',
  'kics',
  'sonar',
  'semgrep',
  'tally',
  'dockle',
  'dockerfile-doctor',
  'dockerfilelint',
  'dockerfile-utils',
];

/**
 * One name of another tool that stands for several of our rules, because that tool looks for several things at once.
 * An ignore comment with that name hides all of them.
 */
const sharedAliases: ReadonlySet<string> = new Set<string>();

/** Problems of the parser that say all there is to say, so that no rule needs to. */
const uncovered = ['line-too-long'];

describe('rule registry', () => {
  it('has ids that name what is found and read after "allow"', () => {
    for (const { id } of allRules) {
      assert.match(id, /^[a-z0-9]+(?:-[a-z0-9]+)*$/);
      assert.doesNotMatch(id, /^(?:use|prefer|no|avoid|dont|always|never)-/, `${id} names a command, not a finding`);
    }
    assert.equal(new Set(allRules.map(({ id }) => id)).size, allRules.length, 'an id is used twice');
  });

  it('keeps each rule and its test in the folder of its practice', () => {
    const missing = allRules.flatMap(({ practice, id }) =>
      [`${practice}/${id}.ts`, `${practice}/${id}.test.ts`].filter((file) => !existsSync(join(rulesFolder, file))),
    );
    assert.deepEqual(missing, []);
  });

  it('lists every rule there is', () => {
    const defined = practices
      .filter((practice) => existsSync(join(rulesFolder, practice)))
      .flatMap((practice) => readdirSync(join(rulesFolder, practice)).map((name) => join(rulesFolder, practice, name)))
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/^\s*id: '([^']+)'/gm)].map(([, id]) => id!));
    assert.deepEqual(defined.sort(), allRules.map(({ id }) => id).sort());
  });

  it('says what each rule finds, why, and shows it', () => {
    for (const rule of allRules) {
      assert.match(rule.summary, /\.$/, `${rule.id}: the summary is a sentence`);
      assert.ok(rule.why.length > 40, `${rule.id}: why?`);
      assert.ok(rule.examples.length > 0, `${rule.id} has no example`);
      const isFixed = rule.examples.some(({ after }) => after !== undefined);
      assert.equal(isFixed, rule.fix !== 'none', `${rule.id}: an example shows the fix if, and only if, there is one`);
    }
  });

  it('knows other tools’ names for a rule, each for one rule only', () => {
    const owners = new Map<string, string[]>();
    for (const { id, aliases } of allRules) {
      for (const alias of aliases) {
        assert.ok(tools.includes(alias.slice(0, alias.indexOf('/'))), `${id}: unknown tool in ${alias}`);
        owners.set(alias.toLowerCase(), [...(owners.get(alias.toLowerCase()) ?? []), id]);
      }
    }
    const clashes = [...owners].filter(([alias, ids]) => ids.length > 1 && !sharedAliases.has(alias));
    assert.deepEqual(
      clashes.map(([alias, ids]) => `${alias}: ${ids.join(', ')}`),
      [],
    );
    const unshared = [...sharedAliases].filter((alias) => (owners.get(alias)?.length ?? 0) < 2);
    assert.deepEqual(unshared, [], 'these are shared no longer');
  });

  it('turns every kind of syntax problem into a finding of one rule', () => {
    const sources = ['logicalLines', 'instruction', 'jsonForm', 'heredoc'];
    const kinds = sources.flatMap((name) => {
      const text = readFileSync(join(repositoryRoot, `server/src/syntax/${name}.ts`), 'utf8');
      return [...text.matchAll(/kind: '([a-z]+(?:-[a-z]+)*)',\n\s*message:/g)].map(([, kind]) => kind!);
    });
    const covered = allRules.flatMap((rule) => rule.covers ?? []);
    assert.deepEqual([...covered, ...uncovered].sort(), [...new Set(kinds)].sort());
  });

  it('has a page and a setting for each rule that are up to date (npm run docs)', () => {
    assert.deepEqual(stalePages(), []);
  });

  it('has the version of the package', () => {
    const manifest = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as { version: string };
    assert.equal(version, manifest.version);
  });

  it('exercises the fix level that each rule declares', function () {
    if (exercised.size === 0 || process.argv.includes('--grep')) skip(this, 'needs all rule tests in the same run');
    const wrong = allRules.flatMap(({ id, fix }) => {
      const levels = exercised.get(id) ?? new Set<string>();
      if (!levels.has(fix)) return [`${id}: no case has the level ${fix}`];
      return fix === 'none' && levels.size > 1 ? [`${id}: declares no fix, but a case has one`] : [];
    });
    assert.deepEqual(wrong, []);
  });
});
