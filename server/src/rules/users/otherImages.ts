import type { FixProposal } from '../../lint/rule.ts';
import type { Stage } from '../../model/stage.ts';
import { startupOf } from '../../model/startup.ts';
import { type Edit, insertAfter, replace } from '../../text/edit.ts';

/** Sibling images that start as another user by themselves. */
export function otherImages(stage: Stage): readonly FixProposal[] {
  if (stage.parent || stage.effectiveUserAt('end').source) return [];
  return [...unprivilegedNginx(stage), ...nonrootTag(stage)];
}

/** `nginxinc/nginx-unprivileged` has the tags of nginx, and listens on 8080. */
function unprivilegedNginx(stage: Stage): readonly FixProposal[] {
  const { word, written, resolved, facts } = stage.base;
  if (facts?.repository !== 'nginx' || resolved?.registry !== undefined || resolved?.digest !== undefined) return [];
  if (!word || !written || word.split || !/^(?:library\/)?nginx$/.test(written.repository)) return [];
  // Its RUNs would work as that user, and a main configuration of its own names root's folders.
  if (stage.runs.length > 0 || startupOf(stage).instructions.length > 0) return [];
  if (
    stage.copies.some(
      ({ destinationPath: path }) => path === undefined || /^\/(?:etc\/?(?:nginx\/?(?:nginx\.conf)?)?)?$/.test(path),
    )
  )
    return [];
  if (stage.lastInChain('HEALTHCHECK') !== undefined) return [];
  const edits: Edit[] = [replace(written.nameRange, 'nginxinc/nginx-unprivileged')];
  for (const instruction of stage.instructions) {
    if (instruction.keyword !== 'EXPOSE') continue;
    for (const port of instruction.words) {
      if (/^80(?:\/tcp)?$/.test(port.text) && !port.split)
        edits.push(replace(port.range, port.text.replace('80', '8080')));
    }
  }
  const configured = stage.copies.some(({ destinationPath }) => destinationPath?.startsWith('/etc/nginx/') === true);
  const own = configured ? '; the copied configuration must do so, too' : '';
  return [
    { title: `Use nginxinc/nginx-unprivileged, which listens on 8080 instead of 80${own}`, edits, preferred: false },
  ];
}

/** Distroless images have a tag that starts as `nonroot`. */
function nonrootTag(stage: Stage): readonly FixProposal[] {
  const { word, written, resolved } = stage.base;
  if (resolved?.registry !== 'gcr.io' || !resolved.repository.startsWith('distroless/')) return [];
  if (!word || !written || word.split || word.hasVariable || written.digest !== undefined) return [];
  const tag = new Map([
    [undefined, 'nonroot'],
    ['latest', 'nonroot'],
    ['debug', 'debug-nonroot'],
  ]).get(resolved.tag);
  if (tag === undefined) return [];
  const hasFolder = stage.instructions.some(({ keyword }) => keyword === 'WORKDIR');
  // Relative paths would then mean others.
  const isAbsolute = hasFolder || stage.copies.every(({ destination }) => destination?.value?.startsWith('/') === true);
  if (!isAbsolute) return [];
  const edit = written.tagRange ? replace(written.tagRange, tag) : insertAfter(written.nameRange, `:${tag}`);
  const folder = hasFolder ? '' : ' and in /home/nonroot';
  return [{ title: `Use the tag ${tag}, which starts as nonroot${folder}`, edits: [edit], preferred: false }];
}
