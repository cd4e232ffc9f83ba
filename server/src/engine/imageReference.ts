/** A name or id of an image, known to be one: safe to give to a tool as an argument. */
export type ReferenceCheck =
  | { readonly ok: true; readonly reference: string; readonly isId: boolean }
  | { readonly ok: false; readonly message: string };

// The grammar of github.com/distribution/reference. Every name begins with a letter or a digit, so that none can be
// taken for an option.
const pathComponent = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const domainComponent = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
const domain = `(?:(?:${domainComponent}(?:\\.${domainComponent})*)|\\[[a-fA-F0-9:]+\\])(?::[0-9]{1,5})?`;
const tag = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}';
const digest = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,128}';

const referencePattern = new RegExp(
  `^((?:${domain}/)?${pathComponent}(?:/${pathComponent})*)(?::(${tag}))?(?:@(${digest}))?$`,
);
const idPattern = /^(?:sha256:[0-9a-f]{64}|[0-9a-f]{64})$/;

const longestName = 255;

/** Judges what somebody typed, or what an engine said; blanks around it don't matter. */
export function checkImageReference(text: string): ReferenceCheck {
  const reference = text.trim();
  if (reference === '') return { ok: false, message: 'Enter the name of an image, such as node:24-slim.' };
  if (idPattern.test(reference)) return { ok: true, reference, isId: true };
  if (/^[a-z]+:\/\//i.test(reference)) {
    return { ok: false, message: 'An image is named without a scheme such as https://.' };
  }
  // Bounded before matching: the pattern is linear, but a megabyte is not a name.
  const match = reference.length > 1024 ? null : referencePattern.exec(reference);
  if (match === null) return { ok: false, message: whatIsWrong(reference) };
  if ((match[1] ?? '').length > longestName) {
    return { ok: false, message: `The name of an image has at most ${longestName} characters.` };
  }
  return { ok: true, reference, isId: false };
}

function whatIsWrong(reference: string): string {
  if (/\s/.test(reference)) return 'The name of an image has no blanks.';
  if (reference.startsWith('-')) return 'The name of an image begins with a letter or a digit.';
  if (reference.toLowerCase() !== reference && checkImageReference(reference.toLowerCase()).ok) {
    return 'The name of an image is written in lower case; only its tag may have capitals.';
  }
  return 'This is not the name of an image; expected [registry/]name[:tag][@digest].';
}

/**
 * The name under which the image of a Dockerfile is built for a scan: the same each time, so that a scan replaces the
 * image of the scan before.
 *
 * @param dockerfile absolute path; Windows paths too
 */
export function scanTag(dockerfile: string): string {
  const parts = dockerfile.split(/[\\/]/).filter((part) => part !== '');
  const file = parts.pop() ?? '';
  const folder = parts.pop() ?? '';
  const suffix = /^(docker|container)file$/i.test(file) ? '' : `-${file.replace(/^(docker|container)file[.-]?/i, '')}`;
  const name = `${folder}${suffix}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 100)
    .replace(/^-+|-+$/g, '');
  return `plimsoll-scan/${name === '' ? 'image' : name}:${shortHash(dockerfile)}`;
}

/** Eight hexadecimal digits (FNV-1a) that keep equally named folders apart. */
function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
