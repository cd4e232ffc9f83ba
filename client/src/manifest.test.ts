import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/root.ts';
import { allRules } from '../../server/src/rules/index.ts';

interface Manifest {
  readonly icon: string;
  readonly activationEvents: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly supported: string; readonly restrictedConfigurations: readonly string[] };
  };
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly enablement?: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string }[]>>;
    readonly configuration: readonly { readonly properties: Readonly<Record<string, { readonly scope: string }>> }[];
    readonly walkthroughs: readonly { readonly steps: readonly { readonly media: { readonly svg: string } }[] }[];
  };
}

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
const { contributes, capabilities } = manifest;
const settings = new Map(contributes.configuration.flatMap(({ properties }) => Object.entries(properties)));

const sources = readdirSync(join(root, 'client/src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .map((name) => readFileSync(join(root, 'client/src', name), 'utf8'))
  .join('\n');

describe('the extension manifest', () => {
  it('does not start with the editor', () => {
    assert.deepEqual(
      manifest.activationEvents.filter((event) => !/^on(Language|WebviewPanel):/.test(event)),
      [],
    );
  });

  it('lets no workspace say which program is run', () => {
    for (const name of ['plimsoll.trivy.path', 'plimsoll.trivy.containerImage', 'plimsoll.engine.path'])
      assert.equal(settings.get(name)?.scope, 'machine');
  });

  it('restricts in untrusted workspaces every setting that reaches a tool', () => {
    const { supported, restrictedConfigurations } = capabilities.untrustedWorkspaces;
    assert.equal(supported, 'limited');
    const reaching = [...settings.keys()].filter(
      (name) => /^plimsoll\.(trivy|engine|scan)\./.test(name) && !/\.(codeLens|lineSummary|problems)$/.test(name),
    );
    assert.deepEqual([...restrictedConfigurations].sort(), reaching.sort());
  });

  it('needs trust for the commands that run tools', () => {
    for (const name of ['plimsoll.scanImage', 'plimsoll.rescan']) {
      const command = contributes.commands.find(({ command }) => command === name);
      assert.equal(command?.enablement, 'isWorkspaceTrusted');
    }
  });

  it('names no command that is not registered', () => {
    const named = [contributes.commands, ...Object.values(contributes.menus)].flat().map(({ command }) => command);
    const missing = named.filter((command) => !sources.includes(`registerCommand('${command}'`));
    assert.deepEqual(missing, []);
  });

  it('names no setting that is not read', () => {
    const unread = [...settings.keys()].filter((name) => {
      const short = name.replace('plimsoll.', '');
      // The language server and the client library read these.
      return !['rules', 'editing', 'trace.server'].includes(short) && !sources.includes(`'${short}'`);
    });
    assert.deepEqual(unread, []);
  });

  it('has the pictures it names', () => {
    const pictures = [
      manifest.icon,
      ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.svg)),
    ];
    assert.deepEqual(
      pictures.filter((picture) => !existsSync(join(root, picture))),
      [],
    );
  });

  it('shows only rules that exist', () => {
    const texts = contributes.walkthroughs
      .flatMap(({ steps }) => steps.map(({ media }) => readFileSync(join(root, media.svg), 'utf8')))
      .join('\n');
    const shown = [...texts.matchAll(/plimsoll\(([a-z-]+)\)|"([a-z-]+)": "(?:error|warning|off)"/g)];
    const rules = new Set<string>(allRules.map(({ id }) => id));
    assert.ok(shown.length >= 4);
    assert.deepEqual(
      shown.map(([, a, b]) => a ?? b ?? '').filter((id) => !rules.has(id)),
      [],
    );
  });
});
