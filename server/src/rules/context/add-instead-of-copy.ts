import { defineRule, type FixProposal } from '../../lint/rule.ts';
import { Copy, type CopyPath, isRemote } from '../../model/copy.ts';
import { replace } from '../../text/edit.ts';

export const addInsteadOfCopy = defineRule({
  id: 'add-instead-of-copy',
  practice: 'context',
  summary: '`ADD` is used for plain files, where `COPY` does the same without surprises.',
  why: [
    '`ADD` downloads what looks like a URL, clones what looks like a git repository, and unpacks what turns out to be a tar archive, also when a file of that name becomes one later. For files and folders of the build context it does nothing more than `COPY`.',
    '',
    'Write `COPY`, and keep `ADD` for archives that are to be unpacked and for downloads with `--checksum`.',
  ].join('\n'),
  severity: 'info',
  fix: 'safe',
  changes: ['copies', 'metadata'],
  aliases: [
    'hadolint/DL3020',
    'trivy/DS-0005',
    'checkov/CKV_DOCKER_4',
    'kics/add_instead_of_copy',
    'sonar/S7029',
    'semgrep/prefer-copy-over-add',
    'dockle/CIS-DI-0009',
  ],
  examples: [
    {
      before: 'FROM node:24-slim\nWORKDIR /app\nADD package.json ./\n',
      after: 'FROM node:24-slim\nWORKDIR /app\nCOPY package.json ./\n',
    },
  ],
  check({ dockerfile, report }) {
    const triggers = dockerfile.stages.flatMap((stage) =>
      stage.instructions.flatMap(({ trigger }) => (trigger?.keyword === 'ADD' ? [new Copy(trigger, stage)] : [])),
    );
    for (const copy of [...dockerfile.copies, ...triggers]) {
      const { instruction } = copy;
      if (!copy.isAdd || !copy.destination || instruction.words.some((word) => word.split)) continue;
      if (instruction.flags.some((flag) => ['checksum', 'keep-git-dir', 'unpack'].includes(flag.name))) continue;
      const kinds = copy.sources.map((source) => kindOf(source, copy));
      if (kinds.includes('special')) continue;
      report({
        range: instruction.keywordRange,
        message: 'ADD does nothing for plain files that COPY does not; write COPY.',
        fixes: [toCopy(copy, kinds.includes('doubtful'))],
      });
    }
  },
});

/** Archives that ADD unpacks. */
const archive = /\.(?:tar(?:\.\w+)?|t[bgx]z2?|tzst|tlz|gz|bz2|xz|zst|lzma)$/i;

/** `special`: only ADD does that; `doubtful`: perhaps. */
function kindOf(source: CopyPath, { stage }: Copy): 'plain' | 'special' | 'doubtful' {
  const text = source.value ?? source.text;
  const name = text.replace(/\/+$/, '').split('/').pop()!;
  if (isRemote(text) || /^[\w.-]+@|^\w+:\/\/|\.git(?:#|$)/.test(text) || archive.test(text)) return 'special';
  if (source.value === undefined) {
    // What a variable holds is not known: a literal start is no URL, a literal suffix tells the kind of file.
    const isLocal = /^\.{0,2}\/|^[\w.-]+\//.test(text);
    return isLocal && /\.\w+$/.test(name) && !/[$}]/.test(name.slice(name.lastIndexOf('.'))) ? 'plain' : 'special';
  }
  // An archive among the files that a glob takes would be unpacked.
  if (/[*?[]/.test(name) && !/\.\w+$/.test(name)) return 'special';
  if (source.text.includes('$') && !/\.\w+$/.test(source.text)) return 'doubtful';
  const isFolder = text.endsWith('/') || name === '.' || name === '' || stage.dockerfile.context?.isDirectory(text);
  if (isFolder || name.includes('.')) return 'plain';
  return /root|fs$|layer|image|bundle|archive|tarball|dist/i.test(name) ? 'doubtful' : 'plain';
}

function toCopy({ instruction }: Copy, doubtful: boolean): FixProposal {
  const { writtenKeyword, keywordRange } = instruction;
  const keyword = writtenKeyword === 'add' ? 'copy' : writtenKeyword === 'Add' ? 'Copy' : 'COPY';
  const edits = [replace(keywordRange, keyword)];
  return doubtful
    ? { title: `Write ${keyword} (an archive would no longer be unpacked)`, edits, safety: 'suggestion' }
    : { title: `Write ${keyword}`, edits, safety: 'safe' };
}
