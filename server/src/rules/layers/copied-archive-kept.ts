import { defineRule, type FixProposal } from '../../lint/rule.ts';
import type { Command } from '../../model/command.ts';
import { cleanPath } from '../../model/context.ts';
import type { Copy } from '../../model/copy.ts';
import type { Dockerfile } from '../../model/dockerfile.ts';
import { unpackedFile } from '../../model/unpack.ts';
import type { Instruction } from '../../syntax/instruction.ts';
import { insertAfter, remove } from '../../text/edit.ts';

const archive = /\.(?:tar|tar\.(?:gz|bz2|xz|zst|Z|lzma)|t(?:gz|bz2?|xz|zst)|zip|deb|rpm)$/i;

export const copiedArchiveKept = defineRule({
  id: 'copied-archive-kept',
  practice: 'layers',
  summary: 'An archive is copied into the image only to be unpacked there, and stays beside its content.',
  why: [
    'The layer of the `COPY` holds the archive for good, whatever a later `RUN` removes; so the image carries the same files twice, packed and unpacked.',
    '',
    '`ADD` unpacks a local tar archive itself and leaves no archive behind. For zip files, packages (`.deb`, `.rpm`), or when tar needs options, mount the archive for the one step that reads it: `RUN --mount=type=bind,source=app.tgz,target=/tmp/app.tgz tar xf /tmp/app.tgz …`.',
  ].join('\n'),
  severity: 'info',
  fix: 'suggestion',
  aliases: ['hadolint/DL3010'],
  examples: [
    {
      before: 'FROM debian:13\nCOPY app.tar.gz /tmp/\nRUN tar xf /tmp/app.tar.gz -C /opt\n',
      after:
        'FROM debian:13\nRUN --mount=type=bind,source=app.tar.gz,target=/tmp/app.tar.gz tar xf /tmp/app.tar.gz -C /opt\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const stage of dockerfile.shippedStages) {
      for (const copy of stage.copies) {
        const use = useOf(copy);
        if (!use) continue;
        const { source, user } = use;
        const adds = /\.(?:zip|deb|rpm)$/i.test(source.text) || copy.from !== undefined ? '' : 'let ADD unpack it, or ';
        const name = source.text.slice(source.text.lastIndexOf('/') + 1);
        // A message is one short line.
        const what = name.length > 40 ? 'The archive' : name;
        report({
          range: source.range,
          message: `${what} stays in the layer of this ${copy.instruction.keyword} beside what comes out of it; ${adds}mount it for the RUN that unpacks it.`,
          related: [{ range: user.range, message: 'It is unpacked here.' }],
          fixes: mountFix(copy, user),
        });
      }
    }
  },
});

/** The one command behind a COPY that reads its only source, an archive, and unpacks it; nothing removes it afterwards. */
function useOf(copy: Copy): { readonly source: Copy['sources'][number]; readonly user: Command } | undefined {
  const { instruction, stage } = copy;
  const [source, ...others] = copy.sources;
  if (!source || others.length > 0 || !archive.test(source.text) || /[*?[$]|^\w+:/.test(source.text)) return undefined;
  // ADD has unpacked what is a tar archive.
  if (copy.isAdd && !/\.(?:zip|deb|rpm)$/i.test(source.text)) return undefined;
  const name = nameInImage(copy);
  if (name === undefined) return undefined;
  const [speaks, ...more] = instructionsWith(stage.dockerfile, name).filter((each) => each !== instruction);
  const run = stage.runs.find((each) => each.instruction === speaks);
  if (!run || more.length > 0 || run.instruction.range.start < instruction.range.start) return undefined;
  const [user, ...users] = run.commands.filter((command) => command.args.some((word) => word.text.includes(name)));
  if (!user || users.length > 0) return undefined;
  if (run.mounts.some(({ type }) => type === 'bind')) return undefined;
  const file = user.args.find((word) => (word.value ?? '').split('/').pop() === name);
  if (!file?.value || !unpackedFile(user, file.value)) return undefined;
  // A clean-up without its name; cleanup-in-later-layer tells of one with it.
  const removes = stage.runs
    .filter((each) => each.instruction.range.start >= run.instruction.range.start)
    .some((each) => each.commands.some((one) => ['rm', 'mv', 'find'].includes(one.name) && /[*?$]/.test(textOf(one))));
  return removes ? undefined : { source, user };
}

/** The instructions that speak of a file, each once; found from the text, since a file may copy many. */
function instructionsWith({ text, instructions }: Dockerfile, name: string): readonly Instruction[] {
  const found = new Set<Instruction>();
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const instruction = instructions.findLast(({ range }) => range.start <= at);
    if (instruction && at < instruction.range.end) found.add(instruction);
  }
  return [...found];
}

function textOf(command: Command): string {
  return command.args.map((word) => word.text).join(' ');
}

/** The archive's name there: that of the source, or the one that the destination gives it. */
function nameInImage(copy: Copy): string | undefined {
  const last = (path: string): string => path.split('/').pop()!;
  const destination = copy.destination?.value;
  if (destination === undefined) return undefined;
  return archive.test(destination) ? last(destination) : last(copy.sources[0]!.value ?? copy.sources[0]!.text);
}

/** Brings the archive to the RUN by a mount, at the place where the COPY put it. */
function mountFix(copy: Copy, user: Command): FixProposal[] {
  const { instruction, stage } = copy;
  const { dockerfile } = stage;
  const { run } = user;
  const target = targetOf(copy);
  const source = copy.sources[0]!.value;
  if (target === undefined || source === undefined || run.form === 'exec' || instruction.trigger) return [];
  const path = copy.from === undefined ? cleanPath(source) : source;
  if (!path || /[\s,"'$=]/.test(`${path}${target}${copy.from ?? ''}`)) return [];
  // A mount keeps owner and mode of the file; another user may not be able to read it then.
  const isOwn = copy.chown !== undefined || copy.chmod !== undefined;
  if (isOwn && stage.effectiveUserAt(run.instruction).isRoot !== true) return [];
  const from = copy.from === undefined ? '' : `from=${copy.from},`;
  const line = dockerfile.lines.fullLine(dockerfile.lines.lineAt(instruction.range.start));
  const isOwnLine = dockerfile.slice(line).trim() === dockerfile.slice(instruction.range).trim();
  if (!isOwnLine) return [];
  const name = path.slice(path.lastIndexOf('/') + 1);
  return [
    {
      title: `Mount ${name.length > 40 ? 'it' : name} for the RUN instead of copying it (needs BuildKit)`,
      edits: [
        remove(line),
        insertAfter(run.instruction.keywordRange, ` --mount=type=bind,${from}source=${path},target=${target}`),
      ],
    },
  ];
}

/** Absolute path of the archive in the image; undefined when the destination may be a folder or the file. */
function targetOf(copy: Copy): string | undefined {
  const path = copy.destinationPath;
  const written = copy.destination?.value ?? '';
  if (path === undefined) return undefined;
  if (archive.test(path)) return path;
  const isFolder =
    path.endsWith('/') ||
    /(?:^|\/)\.{1,2}$/.test(written) ||
    /^\/(?:tmp|opt|root|home|srv|usr\/src|usr\/local)$/.test(path);
  return isFolder ? `${path.replace(/\/$/, '')}/${nameInImage(copy)!}` : undefined;
}
