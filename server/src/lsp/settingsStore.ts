import { type Connection, MessageType, ShowMessageNotification } from 'vscode-languageserver';
import type { Rule } from '../lint/rule.ts';
import { readConfigFile } from '../lint/settings/configFile.ts';
import { defaultSettings, readSettings, type Settings } from '../lint/settings/settings.ts';
import { LineIndex } from '../text/lineIndex.ts';
import type { Host } from './host.ts';
import { problemDiagnostic } from './toLsp.ts';

export const settingsSection = 'plimsoll';

/**
 * The settings of each document: the editor's, and those of a `.plimsoll.yaml` near it, which win because the command
 * line obeys them too. Wrong ones are shown to the user once.
 */
export class SettingsStore {
  readonly #connection: Connection;
  readonly #rules: readonly Rule[];
  readonly #host: Host;
  readonly #byUri = new Map<string, Promise<Settings>>();
  readonly #told = new Set<string>();
  /** Whether the client is asked; otherwise what it sent last holds for all documents. */
  asksClient = false;
  folders: readonly string[] = [];
  #sent: unknown;
  /** Configuration files that have diagnostics now. */
  readonly #complainedOf = new Set<string>();

  constructor(connection: Connection, rules: readonly Rule[], host: Host) {
    this.#connection = connection;
    this.#rules = rules;
    this.#host = host;
  }

  get(uri: string): Promise<Settings> {
    let settings = this.#byUri.get(uri);
    if (!settings) {
      settings = this.#read(uri);
      this.#byUri.set(uri, settings);
    }
    return settings;
  }

  /** Forgets what was read. @param sent settings that came with the notice of the change, the section's value. */
  changed(sent?: unknown): void {
    if (sent !== undefined) this.#sent = sent;
    this.#byUri.clear();
    for (const uri of this.#complainedOf) void this.#connection.sendDiagnostics({ uri, diagnostics: [] });
    this.#complainedOf.clear();
  }

  forget(uri: string): void {
    this.#byUri.delete(uri);
  }

  async #read(uri: string): Promise<Settings> {
    const value = await this.#ask(uri);
    const editor = readSettings(value, this.#rules);
    for (const { path, message } of editor.problems) this.#tell(`${[settingsSection, ...path].join('.')}: ${message}.`);
    const file = await this.#readFile(uri);
    return {
      enable: editor.settings.enable && file.enable,
      severities: { ...editor.settings.severities, ...file.severities },
      // A matter of the editor and of what else is installed in it, not of the project.
      editing: editor.settings.editing,
    };
  }

  async #ask(uri: string): Promise<unknown> {
    if (!this.asksClient) return this.#sent;
    try {
      const asked: unknown = await this.#connection.workspace.getConfiguration({
        scopeUri: uri,
        section: settingsSection,
      });
      // Editors that know of no settings answer with null, even where their user has given initialization options.
      return asked ?? this.#sent;
    } catch (error) {
      this.#connection.console.warn(`The settings could not be read: ${String(error)}`);
      return this.#sent;
    }
  }

  async #readFile(uri: string): Promise<Settings> {
    const file = await this.#host.findConfig(uri, this.folders);
    if (!file) return defaultSettings;
    const { settings, problems } = readConfigFile(file.text, this.#rules);
    const lines = new LineIndex(file.text);
    if (problems.length > 0) {
      // Pushed whether or not the client pulls: it pulls for Dockerfiles only.
      const diagnostics = problems.map((problem) => problemDiagnostic(lines, problem));
      void this.#connection.sendDiagnostics({ uri: file.uri, diagnostics });
      this.#complainedOf.add(file.uri);
    }
    const name = file.uri.slice(file.uri.lastIndexOf('/') + 1);
    for (const { message, range } of problems) {
      const place = range ? `:${lines.lineAt(range.start) + 1}` : '';
      this.#tell(`${name}${place}: ${message}.`);
    }
    return settings;
  }

  #tell(message: string): void {
    if (this.#told.has(message)) return;
    this.#told.add(message);
    void this.#connection.sendNotification(ShowMessageNotification.type, {
      type: MessageType.Warning,
      message: `Plimsoll: ${message} It has no effect; the other settings apply.`,
    });
  }
}
