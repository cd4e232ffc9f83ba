import { existsSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import type { Page } from 'playwright-core';
import { repositoryRoot as root } from './repositoryRoot.ts';

const folder = '/plimsoll-extension';

/**
 * Makes the editor in a page load the extension from over http, into a web worker. The files have to come from the
 * editor's own origin: its page connects to nothing else, and makes no worker from a remote extension.
 */
export async function serveToBrowser(page: Page, authority: string): Promise<void> {
  const isHere = (url: URL) => url.host === authority;
  await page.context().route(
    (url) => isHere(url) && url.pathname.startsWith(`${folder}/`),
    (route, request) => {
      const path = normalize(new URL(request.url()).pathname.slice(folder.length + 1));
      if (path === 'package.json') return route.fulfill({ json: manifestWithoutMain() });
      const file = join(root, path);
      return existsSync(file) ? route.fulfill({ path: file }) : route.fulfill({ status: 404 });
    },
  );
  await page.route(
    (url) => isHere(url) && url.pathname === '/',
    async (route) => {
      const response = await route.fetch();
      const html = await response.text();
      await route.fulfill({ response, body: withExtension(html, { scheme: 'http', authority, path: folder }) });
    },
  );
}

/** An extension that has a `main` would run beside the server, in Node. */
function manifestWithoutMain(): unknown {
  const { main: _, ...manifest } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { main: string };
  return manifest;
}

/** The start page with an extension under development in its configuration. */
function withExtension(html: string, location: Readonly<Record<'scheme' | 'authority' | 'path', string>>): string {
  const settings = /(id="vscode-workbench-web-configuration" data-settings=")([^"]*)"/;
  if (!settings.test(html)) throw new Error('The start page of the editor has another form than expected.');
  return html.replace(settings, (_, start: string, escaped: string) => {
    const configuration = JSON.parse(escaped.replaceAll('&quot;', '"')) as Record<string, object | undefined>;
    configuration.developmentOptions = { ...configuration.developmentOptions, extensions: [location] };
    return `${start}${JSON.stringify(configuration).replaceAll('"', '&quot;')}"`;
  });
}
