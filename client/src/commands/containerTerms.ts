import type { PinnedImage } from '../../../server/src/engine/index.ts';
import type { ScanSettings } from '../../../server/src/engine/types.ts';

/** What running Trivy in a container means, for the question whether it may be done. */
export function containerTerms(
  image: Extract<PinnedImage, { readonly ok: true }>,
  settings: Pick<ScanSettings, 'engine' | 'offline' | 'skipDatabaseUpdate'>,
  cacheFolder: string,
): string {
  const engine = { auto: 'Docker or Podman', docker: 'Docker', podman: 'Podman' }[settings.engine];
  const isOffline = settings.offline === true;
  const network = isOffline
    ? 'It gets no network; the databases must be in that folder already.'
    : settings.skipDatabaseUpdate === true
      ? 'It has network access; the settings keep it from renewing its database.'
      : 'It has network access and downloads its vulnerability database, from where the settings say.';
  return [
    `${engine} will run ${image.name}. ${isOffline ? 'It must be on this machine: the settings say to stay offline' : `If it is not on this machine yet, it is pulled from ${image.registry}`}.`,
    `The container sees the image to scan, saved to a file, and your ignore and configuration files, all read-only. It can write to a temporary folder and to ${cacheFolder}, where the databases stay.`,
    network,
    'It gets no access to the engine (no socket), no capabilities, no other files, and is removed when it ends. The variables TRIVY_… and those of proxies are passed on.',
  ].join('\n\n');
}
