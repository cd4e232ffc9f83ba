import { ensureChromium } from '../../host/chromium.ts';
import { HostUnavailable, installHost } from '../../host/install.ts';

let missing: HostUnavailable | undefined;

/**
 * Makes sure that there is a VS Code server and a browser for its page; otherwise returns why there cannot be. What
 * could not be had is not asked for again: without a network, that takes minutes.
 */
export function embeddedEditorMissing(): HostUnavailable | undefined {
  if (missing) return missing;
  try {
    installHost();
    ensureChromium();
  } catch (error) {
    if (!(error instanceof HostUnavailable)) throw error;
    missing = error;
  }
  return missing;
}
