import type { Rule } from '../../lint/rule.ts';
import { apkCacheKept } from './apk-cache-kept.ts';
import { aptGetWithoutYes } from './apt-get-without-yes.ts';
import { aptInsteadOfAptGet } from './apt-instead-of-apt-get.ts';
import { aptListsKept } from './apt-lists-kept.ts';
import { aptRecommends } from './apt-recommends.ts';
import { buildToolsInFinalImage } from './build-tools-in-final-image.ts';
import { composerCacheKept } from './composer-cache-kept.ts';
import { condaCacheKept } from './conda-cache-kept.ts';
import { curlWithoutFail } from './curl-without-fail.ts';
import { debugToolsInFinalImage } from './debug-tools-in-final-image.ts';
import { dnfCacheKept } from './dnf-cache-kept.ts';
import { dnfWithoutYes } from './dnf-without-yes.ts';
import { duplicatePackages } from './duplicate-packages.ts';
import { npmCacheKept } from './npm-cache-kept.ts';
import { npmInstallWithLockfile } from './npm-install-with-lockfile.ts';
import { pipCacheKept } from './pip-cache-kept.ts';
import { unpinnedPackages } from './unpinned-packages.ts';
import { unverifiedDownload } from './unverified-download.ts';
import { unverifiedPackages } from './unverified-packages.ts';
import { wgetAndCurl } from './wget-and-curl.ts';
import { yarnCacheKept } from './yarn-cache-kept.ts';
import { zypperWithoutYes } from './zypper-without-yes.ts';

/** The rules of this practice, in the order of their pages. */
export const packagesRules: readonly Rule[] = [
  aptGetWithoutYes,
  dnfWithoutYes,
  zypperWithoutYes,
  aptInsteadOfAptGet,
  aptRecommends,
  aptListsKept,
  apkCacheKept,
  dnfCacheKept,
  pipCacheKept,
  npmCacheKept,
  yarnCacheKept,
  composerCacheKept,
  condaCacheKept,
  npmInstallWithLockfile,
  buildToolsInFinalImage,
  debugToolsInFinalImage,
  duplicatePackages,
  unpinnedPackages,
  unverifiedPackages,
  curlWithoutFail,
  unverifiedDownload,
  wgetAndCurl,
];
