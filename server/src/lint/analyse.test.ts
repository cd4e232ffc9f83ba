import assert from 'node:assert/strict';
import { analyse, fixText } from './analyse.ts';
import { anyFix } from './fix/apply.ts';
import { longestText, mostInstructions } from './input.ts';
import { defineRule, type Rule } from './rule.ts';

/** Finds every `echo` and offers another word for it. */
const echo = rule('echo-found', ({ dockerfile, report }) => {
  for (const command of dockerfile.commands('echo')) {
    const { range } = command.shell.nameWord!;
    report({ range, message: 'echo.', fixes: [{ title: 'printf', edits: [{ range, newText: 'printf' }] }] });
  }
});

const heredocs: Rule = {
  ...rule('endless-heredoc', ({ dockerfile, report }) => {
    for (const { kind, range } of dockerfile.problems)
      if (kind === 'heredoc-unterminated') report({ range, message: 'Endless.' });
  }),
  covers: ['heredoc-unterminated'],
};

const broken = rule('broken', () => {
  throw new Error('oops');
});

describe('analyse', () => {
  const kindsOf = (text: string, rules: readonly Rule[] = []): string[] =>
    analyse(text, { rules }).problems.map((problem) => problem.kind);

  it('shows a syntax problem once: by its rule, or as it is', () => {
    const text = 'FROM a\nRUN <<EOF\necho\n';
    assert.deepEqual(kindsOf(text), ['syntax:heredoc-unterminated']);
    assert.deepEqual(kindsOf(text, [heredocs]), []);
    assert.deepEqual(
      analyse(text, { rules: [heredocs] }).findings.map((finding) => finding.rule),
      ['endless-heredoc'],
    );
  });

  it('does not bring a syntax problem back when its rule is off, hidden or not asked for', () => {
    const text = 'FROM a\n# plimsoll ignore=endless-heredoc\nRUN <<EOF\necho\n';
    assert.deepEqual(kindsOf(text, [heredocs]), []);
    const off = { rules: [heredocs], severities: { 'endless-heredoc': 'off' } as const };
    assert.deepEqual(analyse(text, off).problems, []);
    assert.deepEqual(analyse(text, { rules: [heredocs, echo], only: new Set(['echo-found']) }).problems, []);
  });

  it('keeps what other rules found when one fails', () => {
    const { findings, problems } = analyse('FROM a\nRUN echo\n', { rules: [broken, echo] });
    assert.equal(findings.length, 1);
    assert.deepEqual(
      problems.map(({ kind, message }) => [kind, message]),
      [['rule-failed', 'Rule broken failed and may have missed something: oops']],
    );
  });

  it('refuses what is no text, or far too long', () => {
    assert.deepEqual(kindsOf('FROM a\0', [echo]), ['input:binary']);
    assert.deepEqual(kindsOf('#'.repeat(longestText + 1), [echo]), ['input:too-long']);
    assert.deepEqual(kindsOf('FROM a\n'.repeat(mostInstructions + 1), [echo]), ['input:too-long']);
    assert.deepEqual(kindsOf('FROM a\n'.repeat(mostInstructions), [echo]), []);
  });

  it('points at half a surrogate pair and checks the rest', () => {
    const { findings, problems } = analyse('FROM a\nRUN echo \udc00 😀\n', { rules: [echo] });
    assert.equal(findings.length, 1);
    assert.deepEqual(
      problems.map(({ kind, range }) => [kind, range]),
      [['input:invalid-utf16', { start: 16, end: 17 }]],
    );
  });

  it('takes a part without FROM for a template by any placeholder', () => {
    assert.deepEqual(
      analyse('RUN v={{VERSION}} && \\\n  x\n', { rules: [] }).problems.map(({ kind }) => kind),
      ['input:template'],
    );
  });

  it('claims nothing of instructions with placeholders in a template', () => {
    const { findings, problems } = analyse('FROM {{ image }}\nRUN echo {{ x }}\nRUN echo y\n', { rules: [echo] });
    assert.deepEqual(
      problems.map(({ kind, severity, range }) => [kind, severity, range]),
      [['input:template', 'info', { start: 5, end: 7 }]],
    );
    assert.deepEqual(
      findings.map((finding) => finding.range.start),
      [38],
    );
    for (const text of ['{% if x %}\nRUN echo\n', '<% x %>\nRUN echo\n', '{{- range . }}\nRUN echo\n']) {
      assert.deepEqual(kindsOf(text, [echo]), ['input:template']);
    }
  });

  it('offers no fix behind a heredoc that is never ended', () => {
    const { findings } = analyse('FROM a\nRUN echo\nRUN sh <<EOF\necho\n', { rules: [echo] });
    assert.deepEqual(
      findings.map((finding) => finding.fixes.length),
      [1, 0],
    );
  });

  it('takes braces in a script for what they are', () => {
    const text = 'FROM a\nRUN docker inspect --format "{{.Id}}" x && echo\nHEALTHCHECK CMD echo {{ x }}\n';
    const { findings, problems } = analyse(text, { rules: [echo] });
    assert.deepEqual(problems, []);
    assert.equal(findings.length, 1);
  });
});

describe('fixText', () => {
  it('applies safe fixes only, unless told otherwise', () => {
    const text = 'FROM a\nRUN echo a && echo b\n';
    assert.equal(fixText(text, { rules: [echo] }).text, 'FROM a\nRUN printf a && printf b\n');
    const suggesting: Rule = { ...echo, fix: 'suggestion' };
    assert.equal(fixText(text, { rules: [suggesting] }).text, text);
    assert.equal(fixText(text, { rules: [suggesting] }, anyFix).text, 'FROM a\nRUN printf a && printf b\n');
  });

  it('leaves a refused text alone', () => {
    assert.equal(fixText('RUN echo\0', { rules: [echo] }).text, 'RUN echo\0');
  });

  it('undoes a fix that breaks the file and names its rule', () => {
    const breaking = rule('breaking', ({ dockerfile, report }) => {
      const { range } = dockerfile.instructions[0]!;
      report({ range, message: 'x', fixes: [{ title: 'break it', edits: [{ range, newText: 'RUN <<EOF' }] }] });
    });
    const { text, problems } = fixText('FROM a\nRUN echo\n', { rules: [breaking, echo] });
    assert.equal(text, 'FROM a\nRUN printf\n');
    assert.deepEqual(
      problems.map(({ kind }) => kind),
      ['fix-undone'],
    );
    assert.match(problems[0]!.message, /breaking/);
  });

  it('stops rules that undo each other', () => {
    const rewrite = (id: string, from: string, to: string) =>
      rule(id, ({ dockerfile, report }) => {
        for (const { range } of dockerfile.commands(from)) {
          report({ range, message: from, fixes: [{ title: to, edits: [{ range, newText: to }] }] });
        }
      });
    const rules = [rewrite('one', 'a', 'b'), rewrite('two', 'b', 'c'), rewrite('three', 'c', 'a')];
    const { text, problems } = fixText('FROM x\nRUN a\n', { rules });
    assert.equal(text, 'FROM x\nRUN c\n');
    assert.deepEqual(
      problems.map(({ message }) => message),
      ['The fix of three undoes that of another rule, so it was not applied.'],
    );
  });

  it('gives up on a fix that does not help, and takes it back', () => {
    const growing = rule('growing', ({ dockerfile, report }) => {
      const { range } = dockerfile.instructions[0]!;
      const end = { start: range.end, end: range.end };
      report({ range, message: 'x', fixes: [{ title: 'add', edits: [{ range: end, newText: '\nUSER app' }] }] });
    });
    const { text, problems, applied } = fixText('FROM a\nRUN echo\n', { rules: [growing, echo] });
    assert.equal(text, 'FROM a\nRUN printf\n');
    assert.deepEqual(applied, ['echo-found']);
    assert.match(problems[0]!.message, /growing does not make its finding go away/);
  });
});

function rule(id: string, check: Rule['check']): Rule {
  const texts = { summary: 's', why: 'w', examples: [] };
  return defineRule({ id, practice: 'shell', severity: 'warning', fix: 'safe', aliases: [], ...texts, check });
}
