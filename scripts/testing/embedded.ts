import { ensureChromium } from '../../host/chromium.ts';
import { HostUnavailable, installHost } from '../../host/install.ts';

/** Makes sure that there is a VS Code server and a browser for its page; otherwise returns why there cannot be. */
export function embeddedEditorMissing(): HostUnavailable | undefined {
  try {
    installHost();
    ensureChromium();
    return undefined;
  } catch (error) {
    if (error instanceof HostUnavailable) return error;
    throw error;
  }
}
