import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { attribute, changeFirst, type Provenance } from '../attribution/index.ts';
import {
  checkImageReference,
  checkPinnedImage,
  runProgram,
  scanImage,
  type ScanRequest,
  type ScanSource,
  thisMachine,
} from '../engine/index.ts';
import { readReport } from '../scan/readReport.ts';
import { type ScanReport, severities } from '../scan/report.ts';
import { type Command, exitCodes, type Io, UsageError } from './command.ts';
import { readDockerfile, readProvenanceFile, readProvenanceText } from './imageSource.ts';
import { reasonOf } from './input.ts';
import { oneOf } from './lint.ts';
import { type ScanToShow, scanReporters } from './scanReport.ts';
import { inWorkplace, oneLine, readBuildArgs, tellFailure } from './workplace.ts';

const thresholds = [...severities, 'never'] as const;
/** A day. */
const mostMinutes = 24 * 60;
const formats = ['text', 'json', 'sarif'] as const;

const help = `Usage: plimsoll scan [OPTION]… IMAGE
       plimsoll scan [OPTION]… --input TAR
       plimsoll scan [OPTION]… --report FILE

Scans an image with Trivy, and tells for each finding which line of the Dockerfile brought it in.

  IMAGE                  name or id; taken from docker or podman, from the registry when they don't have it
  --input TAR            a file written by "docker save" or "podman save", or a folder with an OCI layout
  --report FILE          a report of Trivy (--format json) instead of a scan
  --dockerfile FILE      the Dockerfile that the image was built from; without it, no lines are told
  --build-arg NAME=VALUE a build argument, as given to the build; may be repeated
  --target STAGE         the stage that was built; the final one when left out
  --provenance FILE      the builder's record (BuildKit, mode=max); makes the lines exact; asked of docker's buildx for
                         an IMAGE, and read out of a TAR where it is in there
  --format FORMAT        ${formats.join(', ')}; text when left out
  --all                  list all findings in the text, not only the worst of each line
  --fail-on SEVERITY     exit with 1 at findings of this severity or worse: critical, high (when left out), medium,
                         low, unknown, never
  --engine ENGINE        auto, docker or podman; auto when left out
  --trivy FILE           the Trivy program; looked for when left out
  --trivy-container IMAGE
                         run Trivy out of this image (name@sha256:…) with docker or podman, in place of a program
  --trivy-config FILE    a trivy.yaml to apply
  --ignore-file FILE     a .trivyignore or .trivyignore.yaml to apply
  --skip-db-update       use the vulnerability database that is here
  --offline              ask nothing of the network, neither for databases nor for images
  --timeout MINUTES      how long Trivy may take; 10 when left out
  --verbose              tell on standard error what is done
  -h, --help             this text

Exit codes: 0 nothing found at or above --fail-on, 1 something found, 2 bad usage, or the image can't be scanned or its
report not be read as a whole, 130 stopped with Ctrl+C.
`;

export const scanCommand: Command = { name: 'scan', summary: 'scan an image, and tell findings by line', help, run };

const options = {
  input: { type: 'string' },
  report: { type: 'string' },
  dockerfile: { type: 'string', short: 'f' },
  'build-arg': { type: 'string', multiple: true },
  target: { type: 'string' },
  provenance: { type: 'string' },
  format: { type: 'string', default: 'text' },
  all: { type: 'boolean', default: false },
  'fail-on': { type: 'string', default: 'high' },
  engine: { type: 'string', default: 'auto' },
  trivy: { type: 'string' },
  'trivy-container': { type: 'string' },
  'trivy-config': { type: 'string' },
  'ignore-file': { type: 'string' },
  'skip-db-update': { type: 'boolean', default: false },
  offline: { type: 'boolean', default: false },
  timeout: { type: 'string', default: '10' },
  verbose: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h' },
} as const;

async function run(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  if (values.help) {
    io.write(help);
    return exitCodes.clean;
  }
  const format = oneOf('--format', values.format, formats);
  const failOn = oneOf('--fail-on', values['fail-on'], thresholds);
  const engine = oneOf('--engine', values.engine, ['auto', 'docker', 'podman']);
  const timeoutMinutes = Number(values.timeout);
  if (!Number.isInteger(timeoutMinutes) || timeoutMinutes < 1 || timeoutMinutes > mostMinutes) {
    throw new UsageError(`--timeout ${values.timeout}: it must be a number of minutes, ${mostMinutes} at the most.`);
  }
  const sources = [...positionals, ...[values.input, values.report].filter((each) => each !== undefined)];
  if (sources.length !== 1) throw new UsageError('Name one image: IMAGE, --input TAR or --report FILE.');
  const { dockerfile: path } = values;
  if (path === undefined && (values.provenance !== undefined || values.target !== undefined)) {
    throw new UsageError('--provenance and --target go with --dockerfile.');
  }

  if (values.input === '-') throw new UsageError('--input -: an image is read from a file, not from standard input.');

  const container = values['trivy-container'];
  if (container !== undefined) {
    if (values.trivy !== undefined) throw new UsageError('Give --trivy or --trivy-container, not both.');
    const image = checkPinnedImage(container);
    if (!image.ok) throw new UsageError(`--trivy-container ${container}: ${image.message}`);
  }

  // Wrong usage is told before minutes are spent on a scan.
  const given = values.provenance === undefined ? undefined : await readProvenanceFile(values.provenance, io);
  const buildArgs = readBuildArgs(values['build-arg'] ?? []);
  let dockerfile = path === undefined ? undefined : await readDockerfile(path, buildArgs, given, io);
  const settings: ScanRequest['settings'] = {
    engine,
    timeoutMinutes,
    skipDatabaseUpdate: values['skip-db-update'],
    offline: values.offline,
    ...(container === undefined ? {} : { trivyContainerImage: container }),
    ...(values.trivy === undefined ? {} : { trivyPath: programPath(values.trivy, io) }),
    ...(values['trivy-config'] === undefined ? {} : { trivyConfigFile: resolve(io.cwd, values['trivy-config']) }),
    ...(values['ignore-file'] === undefined ? {} : { ignoreFile: resolve(io.cwd, values['ignore-file']) }),
  };
  const scanned =
    values.report === undefined
      ? await scan({ source: scanSource(positionals[0], values.input, io), settings }, values.verbose, io)
      : { report: await readReportFile(values.report, io), provenance: undefined };
  const report = scanned?.report;
  if (!scanned || !report) return exitCodes.failed;
  const provenance = given ?? scanned.provenance;
  if (path !== undefined && provenance !== given) dockerfile = await readDockerfile(path, buildArgs, provenance, io);

  const attribution = dockerfile && attribute(report, dockerfile, { target: values.target, provenance });
  const changes = attribution?.match.matches ? changeFirst(attribution, report, dockerfile!, io.today) : [];
  const shown: ScanToShow = { report, attribution, changes, dockerfile: path, all: values.all };
  io.write(scanReporters[format](shown, io));
  if (isWorthFailing(report, failOn)) return exitCodes.findings;
  if (report.isPartial !== true || failOn === 'never') return exitCodes.clean;
  io.writeError('plimsoll: A part of the report could not be read, so nothing can be said of the rest.\n');
  return exitCodes.failed;
}

/** A bare name is looked up, anything with a folder is a path from here. */
function programPath(name: string, io: Io): string {
  return /[\\/]/.test(name) ? resolve(io.cwd, name) : name;
}

function scanSource(reference: string | undefined, archive: string | undefined, io: Io): ScanSource {
  if (archive !== undefined) return { kind: 'archive', path: resolve(io.cwd, archive) };
  const checked = checkImageReference(reference ?? '');
  if (!checked.ok) throw new UsageError(`${reference}: ${checked.message}`);
  return { kind: 'reference', reference: checked.reference };
}

/** What a scan found, and the builder's record of the image, where there is one. */
interface Scanned {
  readonly report: ScanReport | undefined;
  readonly provenance: Provenance | undefined;
}

async function scan(request: ScanRequest, verbose: boolean, io: Io): Promise<Scanned | undefined> {
  let hasWaited = false;
  const tell = (line: string): void => (verbose ? io.writeError(`${oneLine(line)}\n`) : undefined);
  const outcome = await inWorkplace(tell, (tools) =>
    scanImage(request, {
      ...tools,
      run: runProgram,
      machine: thisMachine,
      now: () => new Date(),
      progress: ({ phase, message }) => {
        tell(message);
        // Minutes without a word would look like a failure.
        if (phase !== 'wait' || hasWaited) return;
        hasWaited = true;
        if (!verbose) io.writeError(`plimsoll: ${message}.\n`);
      },
    }),
  );
  switch (outcome.status) {
    case 'success':
      for (const note of outcome.notes) io.writeError(`plimsoll: ${oneLine(note)}\n`);
      return { report: outcome.report, provenance: readProvenanceText(outcome.buildMetadata) };
    case 'failure':
      tellFailure(outcome.failure, io);
      return undefined;
    case 'cancelled':
      io.writeError('plimsoll: The scan was cancelled.\n');
      return undefined;
  }
}

async function readReportFile(path: string, io: Io): Promise<ScanReport | undefined> {
  let text: string;
  try {
    text = decodeReport(await readFile(resolve(io.cwd, path)));
  } catch (error) {
    const isTooLong = ['ERR_STRING_TOO_LONG', 'ERR_FS_FILE_TOO_LARGE'].includes(
      (error as NodeJS.ErrnoException).code ?? '',
    );
    throw new UsageError(`--report ${path}: ${isTooLong ? 'it is too large; 512 MB can be read' : reasonOf(error)}`);
  }
  const { report, problems } = readReport(text);
  for (const { message } of problems) io.writeError(`plimsoll: ${path}: ${oneLine(message)}\n`);
  return report;
}

/** PowerShell writes redirected output as UTF-16. */
function decodeReport(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le');
  return bytes.toString('utf8');
}

function isWorthFailing(report: ScanReport, failOn: (typeof thresholds)[number]): boolean {
  const threshold = thresholds.indexOf(failOn);
  return failOn !== 'never' && report.findings.some(({ severity }) => severities.indexOf(severity) <= threshold);
}
