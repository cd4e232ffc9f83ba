import assert from 'node:assert/strict';
import { addIgnoreEntry, type IgnoreEntry, ignores, readIgnoreFile } from './ignoreFile.ts';
import type { ScanFinding } from './report.ts';

const entry = (more: Partial<IgnoreEntry> = {}): IgnoreEntry => ({
  ...{ kind: 'vulnerability', id: 'CVE-2024-1', paths: [], purls: [], expires: undefined, reason: 'not reachable' },
  ...more,
});

const finding = (more: Partial<ScanFinding> = {}): ScanFinding => ({
  ...{ kind: 'vulnerability', id: 'CVE-2024-1', severity: 'high', references: [], target: 'app (debian 12)' },
  ...more,
});

const today = '2026-03-01';

const file = `# Ours, reviewed every quarter.
vulnerabilities:
- id: CVE-2023-9   # until the next release
  statement: only on Windows
  expired_at: 2026-06-30

# Found in test data
secrets:
  - id: aws-access-key-id
    paths:
      - "test/**/*.env"
`;

describe('reading an ignore file', () => {
  it('reads scope, reason and expiry', () => {
    const { entries, problems } = readIgnoreFile(file, 'yaml');
    assert.deepEqual(problems, []);
    assert.deepEqual(entries, [
      entry({ id: 'CVE-2023-9', reason: 'only on Windows', expires: '2026-06-30' }),
      entry({ kind: 'secret', id: 'aws-access-key-id', paths: ['test/**/*.env'], reason: undefined }),
    ]);
  });

  it('reads the plain format with its comments', () => {
    const { entries } = readIgnoreFile('# fine\nCVE-1\n\nCVE-2 exp:2026-01-01\n', 'plain');
    assert.deepEqual(
      entries.map(({ id, reason, expires }) => [id, reason, expires]),
      [
        ['CVE-1', 'fine', undefined],
        ['CVE-2', undefined, '2026-01-01'],
      ],
    );
  });

  it('says what is wrong with a damaged file', () => {
    assert.match(readIgnoreFile('a: [', 'yaml').problems[0] ?? '', /not valid YAML/);
    assert.equal(readIgnoreFile('- a', 'yaml').problems.length, 1);
    assert.deepEqual(readIgnoreFile('', 'yaml'), { entries: [], problems: [] });
  });
});

describe('ignores', () => {
  it('goes by id, and by kind where it is told', () => {
    assert.ok(ignores(entry(), finding(), today));
    assert.ok(!ignores(entry({ id: 'CVE-2024-10' }), finding(), today));
    assert.ok(!ignores(entry({ kind: 'secret' }), finding(), today));
    assert.ok(ignores(entry({ kind: undefined }), finding(), today));
  });

  it('ends on the day named', () => {
    assert.ok(ignores(entry({ expires: '2026-03-02' }), finding(), today));
    assert.ok(!ignores(entry({ expires: '2026-03-01' }), finding(), today));
  });

  it('keeps to the files named', () => {
    const inFile = finding({ path: 'app/node_modules/ws/package.json' });
    assert.ok(ignores(entry({ paths: ['app/**/package.json'] }), inFile, today));
    assert.ok(ignores(entry({ paths: ['/app/node_modules/ws/*'] }), inFile, today));
    assert.ok(!ignores(entry({ paths: ['app/*'] }), inFile, today));
    assert.ok(!ignores(entry({ paths: ['(a+)+$'] }), inFile, today));
  });

  it('keeps to the packages named, in any version or in one', () => {
    const openssl = finding({ purl: 'pkg:deb/debian/openssl@3.0.1?arch=amd64&distro=debian-12' });
    assert.ok(ignores(entry({ purls: ['pkg:deb/debian/openssl'] }), openssl, today));
    assert.ok(ignores(entry({ purls: ['pkg:deb/debian/openssl@3.0.1'] }), openssl, today));
    assert.ok(!ignores(entry({ purls: ['pkg:deb/debian/openssl@3.0.2'] }), openssl, today));
    assert.ok(!ignores(entry({ purls: ['pkg:deb/debian/libssl3'] }), openssl, today));
    assert.ok(!ignores(entry({ purls: ['pkg:deb/debian/openssl'] }), finding(), today));
  });
});

describe('addIgnoreEntry', () => {
  it('starts a file', () => {
    assert.equal(
      addIgnoreEntry('', 'yaml', entry({ purls: ['pkg:deb/debian/openssl'], expires: '2026-06-01' })),
      'vulnerabilities:\n  - id: CVE-2024-1\n    purls:\n      - pkg:deb/debian/openssl\n    statement: not reachable\n    expired_at: 2026-06-01\n',
    );
  });

  it('adds to a section in its own layout, and leaves all else alone', () => {
    const added = addIgnoreEntry(file, 'yaml', entry());
    assert.equal(added, file.replace('2026-06-30\n', '2026-06-30\n- id: CVE-2024-1\n  statement: not reachable\n'));
    assert.equal(readIgnoreFile(added, 'yaml').entries.length, 3);
    const secret = addIgnoreEntry(file, 'yaml', entry({ kind: 'secret', id: 'github-pat' }));
    assert.equal(secret, `${file}  - id: github-pat\n    statement: not reachable\n`);
  });

  it('adds a section', () => {
    const text = addIgnoreEntry(file, 'yaml', entry({ kind: 'misconfiguration', id: 'DS-0002' }));
    assert.ok(text.startsWith(file));
    assert.equal(readIgnoreFile(text, 'yaml').entries.length, 3);
  });

  it('copes with flow style, empty lists, comments only and CRLF', () => {
    for (const text of [
      'vulnerabilities: []\n',
      'vulnerabilities: [{ id: CVE-1 }] # x\n',
      '{}\n',
      '# only this\n',
      'vulnerabilities:\n',
    ]) {
      const added = addIgnoreEntry(text, 'yaml', entry());
      assert.ok(
        readIgnoreFile(added, 'yaml').entries.some(({ id }) => id === 'CVE-2024-1'),
        added,
      );
      for (const comment of text.match(/#.*/g) ?? []) assert.ok(added.includes(comment), added);
    }
    const windows = addIgnoreEntry(file.replaceAll('\n', '\r\n'), 'yaml', entry());
    assert.equal(windows.replaceAll('\r\n', ''), windows.replaceAll(/\r?\n/g, ''));
  });

  it('refuses to write into a damaged file', () => {
    assert.throws(() => addIgnoreEntry('a: [', 'yaml', entry()), /not valid YAML/);
    assert.throws(() => addIgnoreEntry('- a\n', 'yaml', entry()), /no sections/);
  });

  it('overwrites nothing that is written otherwise', () => {
    const aliased = 'base: &known\n  - id: CVE-9\nvulnerabilities: *known\n';
    assert.throws(() => addIgnoreEntry(aliased, 'yaml', entry()), /not written as a list/);
    assert.throws(() => addIgnoreEntry('vulnerabilities: all\n', 'yaml', entry()), /not written as a list/);
  });

  it('keeps a reason a text, whatever is in it', () => {
    const reason = 'yes: "no"\n# - id: CVE-2';
    const added = addIgnoreEntry('', 'yaml', entry({ reason }));
    assert.deepEqual(readIgnoreFile(added, 'yaml').entries, [entry({ reason: reason.replace(/\s+/g, ' ') })]);
  });

  it('writes the plain format with the reason as a comment', () => {
    assert.equal(
      addIgnoreEntry('CVE-1', 'plain', entry({ expires: '2026-06-01', reason: 'a\nb' })),
      'CVE-1\n# a b\nCVE-2024-1 exp:2026-06-01\n',
    );
  });
});
