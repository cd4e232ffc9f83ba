import { isMap, isSeq, parseDocument, Scalar, stringify, type YAMLSeq } from 'yaml';
import type { ScanFinding, ScanFindingKind } from './report.ts';
import { asArray, asObject, asText, asTexts } from './untrusted.ts';

/** `.trivyignore.yaml`, or the older `.trivyignore` with one id a line. */
export type IgnoreFormat = 'yaml' | 'plain';

/** What is not to be shown, and why. */
export interface IgnoreEntry {
  /** Undefined where the format doesn't tell: then it holds for all kinds. */
  readonly kind: ScanFindingKind | undefined;
  readonly id: string;
  /** Patterns of files; empty for all. */
  readonly paths: readonly string[];
  /** Package URLs, with or without a version; empty for all. */
  readonly purls: readonly string[];
  /** ISO date from which on it no longer holds. */
  readonly expires: string | undefined;
  readonly reason: string | undefined;
}

export interface IgnoreFile {
  readonly entries: readonly IgnoreEntry[];
  /** What could not be read, one sentence each. */
  readonly problems: readonly string[];
}

const sections: Readonly<Record<ScanFindingKind, string>> = {
  vulnerability: 'vulnerabilities',
  misconfiguration: 'misconfigurations',
  secret: 'secrets',
};

export function ignoreFormat(fileName: string): IgnoreFormat {
  return /\.ya?ml$/i.test(fileName) ? 'yaml' : 'plain';
}

/** Reads a file of either format. Never throws. */
export function readIgnoreFile(text: string, format: IgnoreFormat): IgnoreFile {
  return format === 'yaml' ? readYaml(text) : readPlain(text);
}

/** Whether the entry takes the finding out, on a day given as an ISO date. */
export function ignores(entry: IgnoreEntry, finding: ScanFinding, today: string): boolean {
  if (entry.id !== finding.id || (entry.kind !== undefined && entry.kind !== finding.kind)) return false;
  if (entry.expires !== undefined && entry.expires <= today) return false;
  if (entry.paths.length > 0) {
    const files = [finding.path, finding.target].flatMap((file) => (file === undefined ? [] : [withoutRoot(file)]));
    if (!entry.paths.some((pattern) => files.some((file) => glob(withoutRoot(pattern)).test(file)))) return false;
  }
  return entry.purls.length === 0 || entry.purls.some((purl) => matchesPurl(purl, finding.purl));
}

/**
 * The text of the file with one entry more, at the end of its section; all else, comments too, stays as it is. The
 * plain format has neither scope nor place for a reason: the reason becomes a comment above.
 *
 * @throws {Error} when the text is not a valid file of that format, with a message for people
 */
export function addIgnoreEntry(text: string, format: IgnoreFormat, entry: IgnoreEntry): string {
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  const added = format === 'yaml' ? addYaml(text, entry) : addPlain(text, entry);
  return lineBreak === '\n' ? added : added.replace(/\r?\n/g, lineBreak);
}

function readPlain(text: string): IgnoreFile {
  const entries: IgnoreEntry[] = [];
  let comment: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const note = /^\s*#\s?(.*)$/.exec(line);
    const [id, ...options] = line
      .replace(/\s#.*$/, '')
      .trim()
      .split(/\s+/);
    if (note) comment = note[1]!.trim();
    else if (id) {
      const expires = options.map((option) => /^exp:(\d{4}-\d{2}-\d{2})$/.exec(option)?.[1]).find(Boolean);
      entries.push({ kind: undefined, id, paths: [], purls: [], expires, reason: comment });
      comment = undefined;
    } else comment = undefined;
  }
  return { entries, problems: [] };
}

function readYaml(text: string): IgnoreFile {
  const document = parseDocument(text, { schema: 'core' });
  if (document.errors.length > 0) return { entries: [], problems: [`It is not valid YAML: ${firstError(document)}.`] };
  const root = asObject(toPlain(document));
  if (root === undefined) {
    return { entries: [], problems: document.contents === null ? [] : ['It holds no sections.'] };
  }
  const entries = (Object.entries(sections) as [ScanFindingKind, string][]).flatMap(([kind, section]) =>
    asArray(root[section]).flatMap((item): IgnoreEntry[] => {
      const entry = asObject(item);
      const id = asText(entry?.id);
      if (!entry || id === undefined) return [];
      return [
        {
          kind,
          id,
          paths: asTexts(entry.paths),
          purls: asTexts(entry.purls),
          expires: asText(entry.expired_at)?.slice(0, 10),
          reason: asText(entry.statement),
        },
      ];
    }),
  );
  return { entries, problems: [] };
}

/** Aliases that refer to each other without end are refused by the parser with an exception. */
function toPlain(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}

function addPlain(text: string, { id, expires, reason }: IgnoreEntry): string {
  const gap = text === '' || text.endsWith('\n') ? '' : '\n';
  const comment = reason === undefined ? '' : `# ${reason.replace(/\s+/g, ' ')}\n`;
  return `${text}${gap}${comment}${id}${expires === undefined ? '' : ` exp:${expires}`}\n`;
}

/**
 * Text is put in at one place instead of printing the document anew, which would change the layout of what others have
 * written. The parser only says where.
 */
function addYaml(text: string, entry: IgnoreEntry): string {
  const document = parseDocument(text, { schema: 'core' });
  if (document.errors.length > 0) throw new Error(`The file is not valid YAML: ${firstError(document)}.`);
  const { contents } = document;
  const name = sections[entry.kind ?? 'vulnerability'];
  const body = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  if (contents === null || (contents instanceof Scalar && contents.value === null)) {
    return `${body}${sectionText(name, entry)}`;
  }
  if (!isMap(contents)) throw new Error('The file holds no sections, which .trivyignore.yaml is made of.');
  const pair = contents.items.find(({ key }) => key instanceof Scalar && key.value === name);
  if (!pair) {
    if (contents.flow) return reprinted(document, name, entry);
    const end = endOfMap(text, body);
    return `${body.slice(0, end)}${sectionText(name, entry)}${body.slice(end)}`;
  }
  const list = pair.value;
  const isEmpty = list === null || (list instanceof Scalar && list.value === null);
  // What another place defines (`*name`) or what is no list would be lost.
  if (!isSeq(list) && !isEmpty) throw new Error(`"${name}" is not written as a list here: add the entry by hand.`);
  if (!isSeq(list) || list.flow || list.items.length === 0) return reprinted(document, name, entry);
  const start = firstDash(body, list);
  const last = list.items.at(-1) as { readonly range?: readonly [number, number, number] | null };
  if (start === undefined || !last.range) return reprinted(document, name, entry);
  const indent = ' '.repeat(start - (body.lastIndexOf('\n', start - 1) + 1));
  const end = lineAfter(body, last.range[1]);
  return `${body.slice(0, end)}${itemText(entry, indent)}${body.slice(end)}`;
}

/** `...` ends a document; what stands behind it is not ours. */
function endOfMap(text: string, body: string): number {
  const marker = /^\.\.\.\s*$/m.exec(text);
  return marker ? marker.index : body.length;
}

/** For layouts that can't be added to line by line: flow style, an empty list. Comments and order stay. */
function reprinted(document: ReturnType<typeof parseDocument>, name: string, entry: IgnoreEntry): string {
  if (isSeq(document.get(name, true))) document.addIn([name], document.createNode(entryValue(entry)));
  else document.set(name, document.createNode([entryValue(entry)]));
  return document.toString({ lineWidth: 0 });
}

function sectionText(name: string, entry: IgnoreEntry): string {
  return `${name}:\n${itemText(entry, '  ')}`;
}

function itemText(entry: IgnoreEntry, indent: string): string {
  const lines = stringify([entryValue(entry)], { lineWidth: 0 })
    .trimEnd()
    .split('\n');
  return `${lines.map((line) => indent + line).join('\n')}\n`;
}

function entryValue({ id, paths, purls, expires, reason }: IgnoreEntry): Record<string, unknown> {
  return {
    id,
    ...(paths.length > 0 && { paths }),
    ...(purls.length > 0 && { purls }),
    ...(reason !== undefined && { statement: reason.replace(/\s+/g, ' ').trim() }),
    ...(expires !== undefined && { expired_at: expires }),
  };
}

function firstDash(text: string, list: YAMLSeq): number | undefined {
  const from = list.range?.[0];
  return from !== undefined && text[from] === '-' ? from : undefined;
}

/** Offset of the line below the one in which the value ends. */
function lineAfter(text: string, valueEnd: number): number {
  // The value of a block may end behind its line break.
  const at = text[valueEnd - 1] === '\n' ? valueEnd - 1 : valueEnd;
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}

function firstError(document: ReturnType<typeof parseDocument>): string {
  return document.errors[0]!.message.split('\n')[0]!.replace(/[.:]$/, '');
}

function withoutRoot(path: string): string {
  return path.replace(/^\.?\/+/, '');
}

/** `*` and `?` stay within a folder, `**` doesn't. */
function glob(pattern: string): RegExp {
  const source = pattern.replace(/\*\*\/?|[*?]|[^*?]+/g, (part) => {
    if (part.startsWith('**')) return part.endsWith('/') ? '(?:.*/)?' : '.*';
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    return part.replace(/[\\^$.|+()[\]{}]/g, '\\$&');
  });
  return new RegExp(`^${source}$`);
}

/** A package URL without a version stands for all of them; qualifiers (`?arch=…`) are not looked at. */
function matchesPurl(pattern: string, purl: string | undefined): boolean {
  if (purl === undefined) return false;
  const bare = (text: string) => text.replace(/[?#].*$/s, '');
  const [wanted, found] = [bare(pattern), bare(purl)];
  const hasVersion = wanted.lastIndexOf('@') > wanted.lastIndexOf('/');
  return hasVersion ? wanted === found : wanted === withoutVersion(found);
}

/** `pkg:deb/debian/openssl@1.1.1?arch=amd64` → `pkg:deb/debian/openssl` */
export function withoutVersion(purl: string): string {
  const bare = purl.replace(/[?#].*$/s, '');
  const at = bare.lastIndexOf('@');
  return at > bare.lastIndexOf('/') ? bare.slice(0, at) : bare;
}
