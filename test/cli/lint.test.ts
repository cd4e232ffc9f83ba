import assert from 'node:assert/strict';
import { Folder, type JsonFinding, plimsoll, readJson } from './run.ts';

const bad = 'FROM debian:13\nUSER app\nRUN apt-get install curl\n';
const only = ['--rule', 'apt-get-without-yes'];

describe('plimsoll lint', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = new Folder();
  });
  afterEach(() => folder.remove());

  it('prints JSON with 0-based UTF-16 positions', () => {
    folder.write('Dockerfile', '\uFEFFFROM debian:13\r\nRUN echo "😀" && apt-get install curl\r\n');
    const outcome = plimsoll(['lint', '--format', 'json', ...only, 'Dockerfile'], { cwd: folder.path });
    const [file, ...more] = readJson(outcome).files;
    assert.deepEqual(more, []);
    assert.equal(file!.path, 'Dockerfile');
    assert.deepEqual(file!.problems, []);
    assert.equal(file!.findings.length, 1);
    const at = { line: 1, character: 32 };
    const finding = file!.findings[0] as JsonFinding;
    assert.deepEqual(Object.keys(finding), ['rule', 'practice', 'severity', 'message', 'range', 'aliases', 'fixes']);
    assert.deepEqual(finding.range, { start: { line: 1, character: 25 }, end: at });
    assert.equal(finding.rule, 'apt-get-without-yes');
    assert.equal(finding.practice, 'packages');
    assert.equal(finding.severity, 'error');
    assert.ok(finding.aliases.includes('hadolint/DL3014'));
    assert.deepEqual(finding.fixes, [
      { title: 'Add -y', safety: 'safe', preferred: true, edits: [{ range: { start: at, end: at }, newText: ' -y' }] },
    ]);
    assert.equal(outcome.code, 1);
  });

  it('prints text for people, without colours into a pipe', () => {
    folder.write('Dockerfile', bad);
    const { stdout, code } = plimsoll(['lint', ...only, 'Dockerfile'], { cwd: folder.path });
    assert.equal(
      stdout,
      [
        'Dockerfile:3:13 error apt-get install will ask for confirmation and the build stops; add -y. [apt-get-without-yes]',
        '   3 | RUN apt-get install curl',
        '     |             ~~~~~~~',
        '  fix: Add -y',
        '',
        '1 finding in 1 file; plimsoll fix repairs 1 of them without changing what the image does',
        '',
      ].join('\n'),
    );
    assert.equal(code, 1);
  });

  it('colours when asked to', () => {
    folder.write('Dockerfile', bad);
    const { stdout } = plimsoll(['lint', ...only, 'Dockerfile'], { cwd: folder.path, env: { FORCE_COLOR: '1' } });
    assert.ok(stdout.includes('\u001b[31merror'));
  });

  it('keeps control characters of the file from the terminal', () => {
    folder.write('Dockerfile', 'FROM debian:13\nRUN echo \u001b[2J && apt-get install curl\n');
    const { stdout } = plimsoll(['lint', ...only, 'Dockerfile'], { cwd: folder.path });
    assert.ok(!stdout.includes('\u001b'));
  });

  it('annotates lines for GitHub', () => {
    folder.write('Dockerfile', bad);
    const { stdout } = plimsoll(['lint', '--format', 'github', ...only, 'Dockerfile'], { cwd: folder.path });
    assert.equal(
      stdout,
      '::error file=Dockerfile,line=3,col=13,endLine=3,endColumn=20,title=plimsoll apt-get-without-yes::' +
        'apt-get install will ask for confirmation and the build stops; add -y.\n',
    );
  });

  it('writes SARIF 2.1.0 with rules and fixes', () => {
    folder.write('Dockerfile', bad);
    const { stdout } = plimsoll(['lint', '--format', 'sarif', ...only, 'Dockerfile'], { cwd: folder.path });
    const log = JSON.parse(stdout);
    assert.equal(log.version, '2.1.0');
    const [run] = log.runs;
    const [result] = run.results;
    const rule = run.tool.driver.rules[result.ruleIndex];
    assert.equal(rule.id, 'apt-get-without-yes');
    assert.match(rule.helpUri, /\/docs\/rules\/packages\/apt-get-without-yes\.md$/);
    assert.equal(run.columnKind, 'utf16CodeUnits');
    const { artifactLocation, region } = result.locations[0].physicalLocation;
    assert.deepEqual(artifactLocation, { uri: 'Dockerfile', index: 0 });
    assert.deepEqual(region, { startLine: 3, startColumn: 13, endLine: 3, endColumn: 20 });
    const [replacement] = result.fixes[0].artifactChanges[0].replacements;
    assert.deepEqual(replacement.insertedContent, { text: ' -y' });
  });

  describe('exit code', () => {
    const codeOf = (...args: string[]) => plimsoll(['lint', ...args], { cwd: folder.path }).code;

    it('is 0 when there is nothing at or above --fail-on', () => {
      folder.write('Dockerfile', bad);
      folder.write('.plimsoll.yaml', 'rules: { apt-get-without-yes: info }\n');
      assert.equal(codeOf(...only, 'Dockerfile'), 0);
      assert.equal(codeOf(...only, '--fail-on', 'info', 'Dockerfile'), 1);
      assert.equal(codeOf(...only, '--fail-on', 'hint', 'Dockerfile'), 1);
      assert.equal(codeOf(...only, '--fail-on', 'error', 'Dockerfile'), 0);
      assert.equal(codeOf(...only, '--fail-on', 'never', '--no-config', 'Dockerfile'), 0);
    });

    it('is 2 for bad usage', () => {
      folder.write('Dockerfile', bad);
      assert.equal(codeOf(), 2);
      assert.equal(codeOf('--format', 'xml', 'Dockerfile'), 2);
      assert.equal(codeOf('--fail-on', 'often', 'Dockerfile'), 2);
      assert.equal(codeOf('--no-such-flag', 'Dockerfile'), 2);
      assert.equal(codeOf('--rule', 'no-such-rule', 'Dockerfile'), 2);
      assert.equal(codeOf('--build-arg', 'nothing', 'Dockerfile'), 2);
      assert.equal(codeOf('--config', 'missing.yaml', 'Dockerfile'), 2);
      assert.equal(codeOf('--context', 'missing', 'Dockerfile'), 2);
    });

    it('is 2 for a file that cannot be read, and the others are checked all the same', () => {
      folder.write('Dockerfile', bad);
      folder.write('latin1.dockerfile', Buffer.from('# latin\nFROM caf\u00e9\n', 'latin1'));
      folder.write('utf16.dockerfile', Buffer.from('\uFEFFFROM debian:13\n', 'utf16le'));
      folder.write('binary.dockerfile', new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 1]));
      folder.write('huge.dockerfile', 'RUN true\n'.repeat(1_200_000));
      const outcome = plimsoll(
        [
          'lint',
          '--format',
          'json',
          ...only,
          'missing',
          'Dockerfile',
          'latin1.dockerfile',
          'utf16.dockerfile',
          'binary.dockerfile',
          'huge.dockerfile',
        ],
        { cwd: folder.path },
      );
      assert.equal(outcome.code, 2);
      const problems = Object.fromEntries(readJson(outcome).files.map((file) => [file.path, file.problems[0]]));
      assert.match(problems.missing!.message, /there is no such file/);
      assert.match(problems['latin1.dockerfile']!.message, /not valid UTF-8 \(first in line 2\)/);
      assert.match(problems['utf16.dockerfile']!.message, /UTF-16/);
      assert.equal(problems['binary.dockerfile']!.kind, 'input:binary');
      assert.equal(problems['huge.dockerfile']!.kind, 'input:too-long');
      const checked = readJson(outcome).files.find((file) => file.path === 'Dockerfile')!;
      assert.equal(checked.findings.length, 1);
    });
  });

  it('stops reading what never ends', function () {
    if (process.platform === 'win32') this.skip();
    const { code, stdout } = plimsoll(['lint', '/dev/zero']);
    assert.equal(code, 2);
    assert.match(stdout, /more than 32 MB/);
  });

  it('reads standard input', () => {
    const outcome = plimsoll(['lint', '--format', 'json', ...only, '-'], { cwd: folder.path, stdin: bad });
    assert.equal(readJson(outcome).files[0]!.path, '-');
    assert.equal(readJson(outcome).files[0]!.findings.length, 1);
    const args = ['lint', '--format', 'json', ...only, '--stdin-filename', 'app/Dockerfile', '-'];
    assert.equal(readJson(plimsoll(args, { cwd: folder.path, stdin: bad })).files[0]!.path, 'app/Dockerfile');
  });

  it('finds the Dockerfiles of a folder', () => {
    const names = [
      'Dockerfile',
      'Dockerfile.dev',
      'a/b/app.dockerfile',
      'a/Containerfile',
      'a/Containerfile.test',
      'dockerfile',
    ];
    for (const name of names) folder.write(name, bad);
    for (const name of ['Dockerfile.dockerignore', 'node_modules/x/Dockerfile', '.git/Dockerfile', 'a/README.md']) {
      folder.write(name, bad);
    }
    const outcome = plimsoll(['lint', '--format', 'json', '.'], { cwd: folder.path });
    assert.deepEqual(
      readJson(outcome).files.map((file) => file.path.replaceAll('\\', '/')),
      names.toSorted(),
    );
  });

  it('looks at the files that the image is built from', () => {
    folder.write('package.json', '{}');
    folder.write('package-lock.json', '{ "lockfileVersion": 3 }');
    folder.write(
      'docker/Dockerfile',
      'FROM node:24\nCOPY package.json package-lock.json ./\nRUN npm install\nUSER node\n',
    );
    const rule = ['--rule', 'npm-install-with-lockfile'];
    const found = (args: readonly string[], stdin = '') => {
      const outcome = plimsoll(['lint', '--format', 'json', ...rule, ...args], { cwd: folder.path, stdin });
      return readJson(outcome).files[0]!.findings.length;
    };
    assert.equal(found(['docker/Dockerfile']), 1, 'the folder above has what is copied');
    assert.equal(found(['--context', '.', 'docker/Dockerfile']), 1);
    assert.equal(found(['--context', 'docker', 'docker/Dockerfile']), 0, 'there is no lock file in docker/');
    assert.equal(found(['--context', '.', '-'], 'FROM node:24\nCOPY . .\nRUN npm install\n'), 1);
  });

  it('tells that a folder has none', () => {
    const { stderr, code } = plimsoll(['lint', '.'], { cwd: folder.path });
    assert.match(stderr, /no Dockerfiles in \./);
    assert.equal(code, 0);
  });

  it('obeys the nearest configuration and complains about what is wrong in it', () => {
    folder.write('.plimsoll.yaml', 'rules:\n  apt-get-without-yes: hint\n  apt-get-without-no: hint\nrulez: {}\n');
    folder.write('app/Dockerfile', bad);
    const outcome = plimsoll(['lint', '--format', 'json', 'app/Dockerfile'], { cwd: folder.path });
    const [file] = readJson(outcome).files;
    assert.equal(file!.findings.find(({ rule }) => rule === 'apt-get-without-yes')?.severity, 'hint');
    const messages = file!.problems.map(({ message }) => message);
    assert.match(
      messages[0]!,
      /\.plimsoll\.yaml:3:3: .*there is no rule "apt-get-without-no"; did you mean apt-get-without-yes\?/,
    );
    assert.match(messages[1]!, /\.plimsoll\.yaml:4:1: rulez: there is no such setting/);
    assert.equal(outcome.code, 2);
  });

  it('tells where a configuration file stops making sense', () => {
    folder.write('mine.json', '{ "rules": { "apt-get-without-yes": ');
    folder.write('Dockerfile', bad);
    const outcome = plimsoll(['lint', '--format', 'json', '--config', 'mine.json', 'Dockerfile'], { cwd: folder.path });
    assert.equal(readJson(outcome).files[0]!.problems[0]!.kind, 'config:syntax');
    assert.equal(outcome.code, 2);
  });

  it('hides what a comment ignores', () => {
    folder.write(
      'Dockerfile',
      'FROM debian:13\n# plimsoll ignore=apt-get-without-yes: answered elsewhere\nRUN apt-get install curl\n',
    );
    assert.equal(plimsoll(['lint', ...only, 'Dockerfile'], { cwd: folder.path }).code, 0);
  });

  it('claims nothing of what a template engine will change', () => {
    const text =
      '{{ if .x }}\nFROM {{ .image }}\n{{ end }}\nRUN apt-get install {{ .packages }}\nRUN apt-get install curl\n';
    folder.write('Dockerfile.tmpl', text);
    const [file] = readJson(
      plimsoll(['lint', '--format', 'json', ...only, 'Dockerfile.tmpl'], { cwd: folder.path }),
    ).files;
    assert.deepEqual(
      file!.problems.map(({ kind, severity }) => [kind, severity]),
      [['input:template', 'info']],
    );
    assert.equal(file!.findings.length, 1);
  });
});

describe('plimsoll', () => {
  it('explains itself', () => {
    for (const args of [
      ['--help'],
      ['help'],
      ['lint', '--help'],
      ['fix', '-h'],
      ['help', 'fix'],
      ['rules', '--help'],
    ]) {
      const { code, stdout } = plimsoll(args);
      assert.equal(code, 0);
      assert.match(stdout, /^Usage: plimsoll/);
    }
    assert.match(plimsoll(['--version']).stdout, /^\d+\.\d+\.\d+\n$/);
  });

  it('says when it is called wrongly', () => {
    assert.equal(plimsoll([]).code, 2);
    const { code, stderr } = plimsoll(['lnit', 'Dockerfile']);
    assert.equal(code, 2);
    assert.match(stderr, /no command "lnit"; there are lint, fix/);
  });

  it('lists the rules', () => {
    assert.match(plimsoll(['rules']).stdout, /apt-get-without-yes +error +safe/);
    const { rules } = JSON.parse(plimsoll(['rules', '--format', 'json']).stdout) as { rules: { id: string }[] };
    assert.ok(rules.some(({ id }) => id === 'apt-get-without-yes'));
  });

  it('explains a rule, by its id or the name that another tool has for it', () => {
    const { code, stdout } = plimsoll(['rules', 'apt-get-without-yes']);
    assert.equal(code, 0);
    assert.match(stdout, /^apt-get-without-yes \(packages; error; safe fix\)\n/);
    assert.match(stdout, /^ {4}-RUN .*\n {4}\+RUN .*-y.*$/m);
    assert.match(stdout, /Elsewhere: .*hadolint\/DL3014/);
    assert.ok(stdout.split('\n').every((line) => line.length <= 100 || /https?:|Elsewhere/.test(line)));
    assert.equal(plimsoll(['rules', 'DL3014']).stdout, stdout);
    const { rules } = JSON.parse(plimsoll(['rules', '--format=json', 'hadolint/DL3014', 'root-user']).stdout) as {
      rules: { id: string }[];
    };
    assert.deepEqual(
      rules.map(({ id }) => id),
      ['apt-get-without-yes', 'root-user'],
    );
    const wrong = plimsoll(['rules', 'apt-get-without-no']);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /there is no rule "apt-get-without-no"; did you mean apt-get-without-yes\?/);
  });
});
