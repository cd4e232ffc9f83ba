import type { Rule } from '../../lint/rule.ts';
import { chownAfterCopy } from './chown-after-copy.ts';
import { cleanupInLaterLayer } from './cleanup-in-later-layer.ts';
import { consecutiveRuns } from './consecutive-runs.ts';
import { copiedArchiveKept } from './copied-archive-kept.ts';
import { downloadedArchiveKept } from './downloaded-archive-kept.ts';
import { installWithoutUpdate } from './install-without-update.ts';
import { updateWithoutInstall } from './update-without-install.ts';

/** The rules of this practice, in the order of their pages. */
export const layersRules: readonly Rule[] = [
  consecutiveRuns,
  cleanupInLaterLayer,
  updateWithoutInstall,
  installWithoutUpdate,
  chownAfterCopy,
  downloadedArchiveKept,
  copiedArchiveKept,
];
