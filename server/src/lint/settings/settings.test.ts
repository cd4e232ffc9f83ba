import assert from 'node:assert/strict';
import { defineRule, type Rule } from '../rule.ts';
import { readConfigFile } from './configFile.ts';
import { readSettings } from './settings.ts';

const rules = [rule('root-user', ['hadolint/DL3002']), rule('latest-tag', ['hadolint/DL3006', 'hadolint/DL3007'])];

describe('settings', () => {
  it('have defaults', () => {
    for (const value of [undefined, null, {}, { rules: null }, { trivy: { path: '' } }]) {
      assert.deepEqual(readSettings(value, rules), {
        settings: { enable: true, severities: {}, editing: true },
        problems: [],
      });
    }
  });

  it('name rules by id or alias, the id winning', () => {
    const { settings } = readSettings(
      { rules: { 'latest-tag': 'error', 'hadolint/DL3007': 'off', 'Hadolint/DL3002': 'hint' } },
      rules,
    );
    assert.deepEqual(settings.severities, { 'latest-tag': 'error', 'root-user': 'hint' });
  });

  it('that are wrong are told, the others apply', () => {
    const { settings, problems } = readSettings(
      { enable: 1, editing: 'no', rules: { 'root-user': 'loud', 'latest-tags': 'off', 'latest-tag': 'off' } },
      rules,
    );
    assert.deepEqual(settings, { enable: true, severities: { 'latest-tag': 'off' }, editing: true });
    assert.deepEqual(problems, [
      { path: ['enable'], message: 'must be true or false, not 1' },
      { path: ['editing'], message: 'must be true or false, not "no"' },
      { path: ['rules', 'root-user'], message: 'must be off, error, warning, info or hint, not "loud"' },
      { path: ['rules', 'latest-tags'], message: 'there is no rule "latest-tags"; did you mean latest-tag?' },
    ]);
  });

  it('of another shape are told', () => {
    assert.equal(readSettings('off', rules).problems.length, 1);
    assert.deepEqual(
      readSettings({ rules: ['root-user'] }, rules).problems.map(({ path }) => path),
      [['rules']],
    );
  });
});

describe('configuration file', () => {
  it('is YAML or JSON', () => {
    for (const text of [
      'rules:\n  root-user: off\n',
      '{ "rules": { "root-user": "off" } }',
      '# c\nrules: {root-user: "off"}',
    ]) {
      assert.deepEqual(readConfigFile(text, rules), {
        settings: { enable: true, severities: { 'root-user': 'off' }, editing: true },
        problems: [],
      });
    }
    assert.deepEqual(readConfigFile('', rules).problems, []);
  });

  it('tells what is wrong and where', () => {
    const text = 'rules:\n  root-user: loud\n  nothing: off\nrulez: 1\n';
    const { problems } = readConfigFile(text, rules);
    assert.deepEqual(
      problems.map(({ kind, range }) => [kind, range && text.slice(range.start, range.end)]),
      [
        ['config:value', 'root-user'],
        ['config:value', 'nothing'],
        ['config:value', 'rulez'],
      ],
    );
  });

  it('that cannot be read at all has no effect', () => {
    for (const text of ['rules: {', 'a: b: c', '- x\n', '"', 'rules: *nowhere\n', '\u0000']) {
      const { settings, problems } = readConfigFile(text, rules);
      assert.deepEqual(settings, { enable: true, severities: {}, editing: true }, text);
      assert.ok(problems.length > 0, text);
    }
  });

  it('cannot grow without bounds', () => {
    const levels = Array.from(
      { length: 9 },
      (_, index) => `l${index + 1}: &l${index + 1} [${`*l${index},`.repeat(9)}]`,
    );
    const { problems } = readConfigFile(`l0: &l0 x\n${levels.join('\n')}\n`, rules);
    assert.ok(problems.length > 0);
  });
});

function rule(id: string, aliases: readonly string[]): Rule {
  const texts = { summary: '', why: '', examples: [] };
  return defineRule({ id, aliases, practice: 'users', severity: 'warning', fix: 'none', ...texts, check() {} });
}
