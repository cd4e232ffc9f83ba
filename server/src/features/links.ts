import type { Dockerfile } from '../model/dockerfile.ts';
import { type ImageReference, parseImageReference } from '../syntax/imageReference.ts';
import type { Range } from '../text/range.ts';
import { stageMentions } from './navigation/stages.ts';

/** A place that leads to a page. */
export interface Link {
  readonly range: Range;
  readonly url: string;
  readonly tooltip: string;
}

/** Images with a page of their registry. Nothing is looked up. */
export function links(dockerfile: Dockerfile): readonly Link[] {
  const found: Link[] = [];
  const add = (range: Range, image: ImageReference | undefined): void => {
    const url = image && registryPage(image);
    if (url !== undefined) found.push({ range, url, tooltip: 'Open the image’s page' });
  };
  for (const directive of dockerfile.directives) {
    if (directive.name === 'syntax') add(directive.valueRange, parseImageReference(directive.value, 0));
  }
  for (const { base } of dockerfile.stages) {
    if (!base.word || base.word.split || !base.isExternal) continue;
    add(base.written!.range, parseImageReference(base.name, 0));
  }
  for (const { name, range, stage, user } of stageMentions(dockerfile)) {
    const isFrom = range.start < user.from.headRange.end;
    if (!isFrom && !stage && /[/:]/.test(name) && !name.includes('$')) add(range, parseImageReference(name, 0));
  }
  return found.sort((a, b) => a.range.start - b.range.start);
}

/** Where a registry shows an image to people; undefined for registries of which that is not known. */
export function registryPage({ registry, repository }: ImageReference): string | undefined {
  const path = repository.toLowerCase();
  if (!/^[a-z0-9]+(?:[._/-]+[a-z0-9]+)*$/.test(path) || path === 'scratch') return undefined;
  switch (registry?.toLowerCase()) {
    case undefined:
    case 'docker.io':
    case 'index.docker.io':
    case 'registry-1.docker.io': {
      const short = path.replace(/^library\//, '');
      return short.includes('/') ? `https://hub.docker.com/r/${short}` : `https://hub.docker.com/_/${short}`;
    }
    case 'quay.io':
      return `https://quay.io/repository/${path}`;
    case 'ghcr.io':
      return `https://ghcr.io/${path}`;
    case 'mcr.microsoft.com':
      return `https://mcr.microsoft.com/artifact/mar/${path}`;
    case 'public.ecr.aws':
      return `https://gallery.ecr.aws/${path}`;
    case 'cgr.dev':
      return path.startsWith('chainguard/')
        ? `https://images.chainguard.dev/directory/image/${path.slice('chainguard/'.length)}/overview`
        : undefined;
    case 'gcr.io':
      return path.startsWith('distroless/') ? 'https://github.com/GoogleContainerTools/distroless' : undefined;
    default:
      return undefined;
  }
}
