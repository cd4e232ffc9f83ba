import satisfies from 'semver/functions/satisfies.js';
import validRange from 'semver/ranges/valid.js';
import { asRecord, type LockAgreement } from './lockFile.ts';

/** An entry of `packages` in package-lock.json. */
type Entry = Readonly<Record<string, unknown>>;

const unknown: LockAgreement = { kind: 'unknown' };

/**
 * Compares package-lock.json (or npm-shrinkwrap.json) of version 2 or 3 with package.json, and with itself, as `npm ci`
 * does: each dependency of each package has to be there in a version that it accepts. It agrees only when `npm install`
 * would neither change the file nor install anything else; what only npm itself can judge (workspaces, overrides,
 * folders, git, tags, packages that nothing asks for) is unknown.
 */
export function npmLockAgreement(lock: unknown, manifest: unknown): LockAgreement {
  const { lockfileVersion, packages } = asRecord(lock);
  const entries = asRecord(packages);
  const wanted = asRecord(manifest);
  if (typeof lockfileVersion !== 'number' || lockfileVersion < 2 || !Object.hasOwn(entries, '')) return unknown;
  if (wanted['workspaces'] !== undefined || wanted['overrides'] !== undefined) return unknown;
  const changed = changedDependencies(asRecord(entries['']), wanted);
  const { missing, isSure } = walk(entries);
  const names = [...new Set([...changed, ...missing])];
  if (names.length > 0) return { kind: 'differs', names };
  // npm install brings these up to date in the lock file.
  const root = asRecord(entries['']);
  const isDescribed = described.every((key) => root[key] === wanted[key]);
  return isSure && isDescribed ? { kind: 'agrees', lockVersion: lockfileVersion } : unknown;
}

/**
 * The same for the texts of both files. The last answers are kept, for a large lock file takes a tenth of a second and an
 * editor asks at every keystroke.
 */
export function npmLockTextAgreement(lock: string, manifest: string): LockAgreement {
  const kept = answers.find((each) => each.lock === lock && each.manifest === manifest);
  if (kept) return kept.agreement;
  const agreement = npmLockAgreement(parsed(lock), parsed(manifest));
  answers.unshift({ lock, manifest, agreement });
  answers.length = Math.min(answers.length, mostAnswers);
  return agreement;
}

interface Answer {
  readonly lock: string;
  readonly manifest: string;
  readonly agreement: LockAgreement;
}

const answers: Answer[] = [];
const mostAnswers = 4;

/** The JSON value; undefined when it is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

const described = ['name', 'version'];
const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

function changedDependencies(root: Entry, manifest: Entry): readonly string[] {
  return kinds.flatMap((kind) => {
    const [now, then] = [asRecord(manifest[kind]), asRecord(root[kind])];
    return [...new Set([...Object.keys(now), ...Object.keys(then)])].filter((name) => now[name] !== then[name]);
  });
}

/** Follows all dependencies from the project on. */
function walk(packages: Entry): { missing: readonly string[]; isSure: boolean } {
  const missing: string[] = [];
  let isSure = true;
  const reached = new Set(['']);
  // What is added on the way is visited as well.
  for (const path of reached) {
    const entry = asRecord(packages[path]);
    if (entry['link'] === true) isSure = false;
    for (const { name, range, isOptional } of dependenciesOf(entry, path === '')) {
      const found = resolve(packages, path, name);
      const verdict = found === undefined ? 'missing' : accepts(asRecord(packages[found]), range);
      if (isOptional) {
        if (verdict === false) isSure = false;
        continue;
      }
      if (verdict === 'missing' || verdict === false) missing.push(name);
      if (verdict === 'unknown') isSure = false;
      if (found !== undefined) reached.add(found);
    }
  }
  return { missing, isSure: isSure && Object.keys(packages).every((path) => reached.has(path)) };
}

interface Dependency {
  readonly name: string;
  readonly range: unknown;
  /** A peer that need not be there, but has to fit when it is. */
  readonly isOptional: boolean;
}

function dependenciesOf(entry: Entry, isRoot: boolean): readonly Dependency[] {
  const optionalPeers = asRecord(entry['peerDependenciesMeta']);
  const peers = Object.entries(asRecord(entry['peerDependencies'])).map(([name, range]) => ({
    name,
    range,
    isOptional: asRecord(optionalPeers[name])['optional'] === true,
  }));
  const others = ['dependencies', 'optionalDependencies', ...(isRoot ? ['devDependencies'] : [])].flatMap((kind) =>
    Object.entries(asRecord(entry[kind])).map(([name, range]) => ({ name, range, isOptional: false })),
  );
  return [...others, ...peers];
}

/** Path of the package that Node.js finds under a name from another package's folder. */
function resolve(packages: Entry, from: string, name: string): string | undefined {
  let folder = from;
  for (;;) {
    const path = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (Object.hasOwn(packages, path)) return path;
    if (folder === '') return undefined;
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')));
  }
}

function accepts(entry: Entry, range: unknown): boolean | 'unknown' {
  const { version, name } = entry;
  if (typeof range !== 'string' || typeof version !== 'string') return 'unknown';
  const alias = /^npm:(@?[^@]+)@(.+)$/.exec(range);
  if (alias && alias[1] !== name) return 'unknown';
  const versions = alias?.[2] ?? range;
  return validRange(versions, true) === null ? 'unknown' : satisfies(version, versions, true);
}
