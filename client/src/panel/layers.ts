import type { ScannedImage } from '../../../server/src/scan/report.ts';

/** Layers of an image by their digest: position, counted from 1, and a short text such as `3 · RUN npm ci`. */
export function describeLayers(
  image: Pick<ScannedImage, 'layers' | 'diffIds'>,
): Map<string, { readonly index: number; readonly label: string }> {
  const instructions = new Map(image.layers.map(({ diffId, createdBy }) => [diffId, createdBy]));
  return new Map(
    image.diffIds.map((diffId, position) => {
      const instruction = readableInstruction(instructions.get(diffId) ?? '');
      const index = position + 1;
      return [diffId, { index, label: instruction ? `${index} · ${instruction}` : String(index) }];
    }),
  );
}

/**
 * A line of an image's history without what the builders put around it:
 * `/bin/sh -c #(nop) COPY file:<64 digits> in /app ` becomes `COPY file:<12 digits>… in /app`.
 */
export function readableInstruction(createdBy: string): string {
  const text = createdBy
    .replace(/\s+/g, ' ')
    .replace(/([0-9a-f]{12})[0-9a-f]{20,}/g, '$1…')
    .trim();
  const nop = /#\(nop\)\s*(.*)$/.exec(text);
  if (nop) return nop[1]!;
  const buildkit = text.replace(/ # buildkit$/, '');
  const shell = /^(?:RUN )?(?:\|\d+ .*? )?\/bin\/(?:ba|da|a)?sh (?:-[a-z]+ |pipefail |errexit )*?-[a-z]*c (.*)$/.exec(
    buildkit,
  );
  if (shell) return `RUN ${shell[1]}`;
  // Values of build arguments may be confidential, and without a shell behind them their end can't be told.
  return /^(?:RUN )?\|\d+ /.test(buildkit) ? 'RUN (with build arguments)' : buildkit;
}
