#!/usr/bin/env node
/**
 * A stand-in for Trivy, for machines where the real one can't be had: it understands the same arguments, replays
 * recorded reports and failure texts, and can hang. It writes down how it was called.
 *
 * What it does comes from the JSON file named by FAKE_TRIVY_CONTROL (see fakeTrivy.ts for its shape), so that it can
 * change while a program with a fixed environment is running; FAKE_TRIVY_MODE and FAKE_TRIVY_VERSION win over it.
 */
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const fixtures = join(dirname(fileURLToPath(import.meta.url)), '..', 'fixtures');
const control = readControl();
const mode = process.env.FAKE_TRIVY_MODE ?? control.mode ?? 'ok';
const version = process.env.FAKE_TRIVY_VERSION ?? control.version ?? '0.74.0';
const hasDatabase = control.database ?? mode !== 'first-run';

const databaseLines = [
  line('INFO', '[vulndb] Need to update DB'),
  line('INFO', '[vulndb] Downloading vulnerability DB...'),
  line('INFO', '[vulndb] Downloading artifact...', 'repo="mirror.gcr.io/aquasec/trivy-db:2"'),
  line('INFO', '[vulndb] Artifact successfully downloaded', 'repo="mirror.gcr.io/aquasec/trivy-db:2"'),
];
const scanLines = [
  line('INFO', '[vuln] Vulnerability scanning is enabled'),
  line('INFO', '[secret] Secret scanning is enabled'),
  line('INFO', 'Detected OS', 'family="alpine" version="3.10.2"'),
  line('INFO', '[alpine] Detecting vulnerabilities...', 'os_version="3.10" repository="3.10" pkg_num=14'),
  line('INFO', 'Number of language-specific files', 'num=0'),
  line('WARN', 'This OS version is no longer supported by the distribution', 'family="alpine" version="3.10.2"'),
];

const [command, ...rest] = process.argv.slice(2);
if (control.record !== undefined) {
  const call = { pid: process.pid, argv: process.argv.slice(2), cwd: process.cwd(), env: process.env };
  appendFileSync(control.record, `${JSON.stringify(call)}\n`);
}

if (command === 'version' || command === '--version') printVersion();
else if (command === 'image') await scan(rest);
else fatal(`unknown command "${command}" for "trivy"`);

function readControl() {
  const file = process.env.FAKE_TRIVY_CONTROL;
  return file !== undefined && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

function printVersion() {
  const database = {
    Version: 2,
    NextUpdate: '2026-08-22T06:31:09Z',
    // Of this morning, as that of a Trivy that may download.
    UpdatedAt: control.databaseUpdatedAt ?? new Date(Date.now() - 5 * 3_600_000).toISOString(),
    DownloadedAt: '2026-08-21T09:00:00Z',
  };
  if (rest.includes('json')) {
    process.stdout.write(
      `${JSON.stringify(hasDatabase ? { Version: version, VulnerabilityDB: database } : { Version: version })}\n`,
    );
  } else {
    process.stdout.write(`Version: ${version}\n`);
  }
}

async function scan(args) {
  const options = parseOptions(args);
  const image = options.values.get('--input') || options.positional[0];
  if (image === undefined) fatal('image name must be specified');
  const skipsUpdate = options.values.has('--skip-db-update');

  if (mode === 'hang') return hang(false);
  if (mode === 'hang-stubborn') return hang(true);
  if (mode === 'exit-7') {
    writeFailure('exit-7', image);
    process.exit(7);
  }
  if (mode === 'first-run' && !skipsUpdate) await log(databaseLines);
  else if (mode === 'db-fail' && skipsUpdate) await log([]);
  else if (!['ok', 'huge', 'garbage', 'truncated'].includes(mode)) {
    await wait(control.delayMs ?? 0);
    writeFailure(mode, image);
    process.exit(1);
  } else if (!skipsUpdate) await log(databaseLines);

  await log(scanLines);
  const report = readFileSync(control.report ?? join(fixtures, 'trivy-reports', 'alpine-310.json'), 'utf8');
  process.stdout.write(reportText(JSON.parse(report), image));
  if (control.record !== undefined) appendFileSync(control.record, `${JSON.stringify({ ended: Date.now() })}\n`);
}

/** The real one refuses what it doesn't know, so this one does, too. */
function parseOptions(args) {
  const withValue = new Set(
    '--format -f --output -o --scanners --timeout --image-src --docker-host --podman-host --ignorefile --severity --config --input --platform --cache-dir --db-repository --java-db-repository --server --vex --pkg-types --exit-code --exit-on-eol'.split(
      ' ',
    ),
  );
  const switches = new Set(
    '--no-progress --quiet --list-all-pkgs --skip-db-update --skip-java-db-update --offline-scan --ignore-unfixed --show-suppressed --debug --insecure'.split(
      ' ',
    ),
  );
  const [, minor = 0] = version.split('.').map(Number);
  if (version === 'dev' || minor >= 63)
    for (const name of ['--skip-version-check', '--disable-telemetry']) switches.add(name);
  const values = new Map();
  const positional = [];
  for (let index = 0; index < args.length; index++) {
    const [name, joined] = args[index].split(/=(.*)/s);
    if (!name.startsWith('-')) positional.push(args[index]);
    else if (withValue.has(name)) values.set(name, joined ?? args[++index]);
    else if (switches.has(name)) values.set(name, joined ?? 'true');
    else fatal(`unknown flag: ${name}`);
  }
  return { values, positional };
}

function reportText(report, image) {
  report.ArtifactName = image;
  if (mode === 'garbage') return 'thread main panicked \u0000\u0001 {"SchemaVersion": oops';
  if (mode === 'huge') {
    const some = report.Results[0].Vulnerabilities;
    const times = Math.ceil((50 * 1024 * 1024) / JSON.stringify(some, null, 2).length);
    report.Results[0].Vulnerabilities = Array.from({ length: times }, () => some).flat();
  }
  const text = `${JSON.stringify(report, null, 2)}\n`;
  return mode === 'truncated' ? text.slice(0, Math.floor(text.length * 0.66)) : text;
}

/** Waits for the interrupt with a temporary file, as the real one does while it reads an image. */
function hang(stubborn) {
  const folder = mkdtempSync(join(tmpdir(), 'trivy-'));
  writeFileSync(join(folder, 'docker-export-1'), '');
  const ignore = 'process.on("SIGINT", () => {}); setInterval(() => {}, 1000)';
  const child = stubborn ? spawn(process.execPath, ['-e', ignore], { stdio: 'ignore' }) : undefined;
  process.on('SIGINT', () => {
    if (stubborn) return;
    rmSync(folder, { recursive: true, force: true });
    process.stderr.write(line('INFO', 'Received signal, attempting graceful shutdown...', 'signal="interrupt"'));
    fatal('run error: image scan error: context canceled');
  });
  // Before it is told: who hears of it may end this at once.
  if (control.record !== undefined) {
    appendFileSync(
      control.record,
      `${JSON.stringify({ hanging: [process.pid, ...(child ? [child.pid] : [])], folder })}\n`,
    );
  }
  for (const text of scanLines.slice(0, 2)) process.stderr.write(text);
  setInterval(() => undefined, 1000);
}

function line(level, message, attributes = '') {
  return `${new Date().toISOString().slice(0, 19)}Z\t${level}\t${message}${attributes === '' ? '' : `\t${attributes}`}\n`;
}

function writeFailure(name, image) {
  const text = readFileSync(join(fixtures, 'trivy-stderr', `${name}.txt`), 'utf8');
  process.stderr.write(text.replaceAll('{image}', image));
}

function fatal(message) {
  process.stderr.write(line('FATAL', `Fatal error\t${message}`));
  process.exit(1);
}

function wait(ms) {
  return new Promise((wake) => setTimeout(wake, ms));
}

async function log(lines) {
  for (const text of lines) {
    process.stderr.write(text);
    await wait(control.delayMs ?? 0);
  }
}
