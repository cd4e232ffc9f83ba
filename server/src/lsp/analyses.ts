import type { TextDocument } from 'vscode-languageserver-textdocument';
import { type AnalysedText, type AnalyseOptions, analyseIn } from '../lint/analyse.ts';
import { refuseText } from '../lint/input.ts';
import type { Rule } from '../lint/rule.ts';
import { buildModel } from '../model/dockerfile.ts';
import type { Host, OpenContext } from './host.ts';
import type { SettingsStore } from './settingsStore.ts';

/** The analysis of one version of a document. */
export interface DocumentAnalysis {
  readonly uri: string;
  readonly version: number;
  readonly analysed: AnalysedText;
  /** The options it was made with, for fixes that have to analyse again. */
  readonly options: AnalyseOptions;
  /** False when checking is switched off: then there are no findings. */
  readonly enabled: boolean;
  /** Different for every analysis. */
  readonly id: string;
}

interface Entry extends DocumentAnalysis {
  readonly openContext: OpenContext | undefined;
}

/** Analyses documents, once per version. */
export class Analyses {
  readonly #rules: readonly Rule[];
  readonly #host: Host;
  readonly #settings: SettingsStore;
  readonly #byUri = new Map<string, Entry>();
  #count = 0;
  folders: readonly string[] = [];

  constructor(rules: readonly Rule[], host: Host, settings: SettingsStore) {
    this.#rules = rules;
    this.#host = host;
    this.#settings = settings;
  }

  async get(document: TextDocument): Promise<DocumentAnalysis> {
    const settings = await this.#settings.get(document.uri);
    const known = this.#byUri.get(document.uri);
    if (known && known.version === document.version && known.options.severities === settings.severities) return known;
    const text = document.getText();
    const base: AnalyseOptions = { rules: this.#rules, severities: settings.severities, today: this.#host.today() };
    const openContext = this.#openContext(document.uri, text);
    const { analysed, options } = analyseIn(openContext, text, base);
    const entry: Entry = {
      uri: document.uri,
      version: document.version,
      analysed: settings.enable ? analysed : { ...analysed, findings: [], suppressed: [], problems: [] },
      options,
      enabled: settings.enable,
      id: String(++this.#count),
      openContext,
    };
    this.#byUri.set(document.uri, entry);
    return entry;
  }

  forget(uri: string): void {
    this.#byUri.get(uri)?.openContext?.forget();
    this.#byUri.delete(uri);
  }

  forgetAll(): void {
    this.#byUri.clear();
  }

  /** Forgets the analyses that depend on one of the files; returns whether there were any. */
  forgetDependents(uris: readonly string[]): boolean {
    let found = false;
    for (const [uri, entry] of this.#byUri) {
      if (!uris.some((changed) => entry.openContext?.hasConsulted(changed))) continue;
      entry.openContext?.forget();
      this.#byUri.delete(uri);
      found = true;
    }
    return found;
  }

  #openContext(uri: string, text: string): OpenContext | undefined {
    if (refuseText(text)) return undefined;
    try {
      return this.#host.openContext(uri, buildModel(text), this.folders);
    } catch {
      return undefined;
    }
  }
}
