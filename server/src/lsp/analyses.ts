import type { TextDocument } from 'vscode-languageserver-textdocument';
import { type AnalysedText, type AnalyseOptions, analyseIn } from '../lint/analyse.ts';
import { refuseModel, refuseText } from '../lint/input.ts';
import type { Rule } from '../lint/rule.ts';
import { buildModel, type Dockerfile } from '../model/dockerfile.ts';
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
  readonly openContext: OpenContext | undefined;
  /** Different for every analysis. */
  readonly id: string;
}

/** Analyses documents, once per version. */
export class Analyses {
  readonly #rules: readonly Rule[];
  readonly #host: Host;
  readonly #settings: SettingsStore;
  readonly #byUri = new Map<string, DocumentAnalysis>();
  readonly #models = new Map<string, { readonly version: number; readonly dockerfile: Dockerfile | undefined }>();
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
    const model = this.model(document);
    const base: AnalyseOptions = { rules: this.#rules, severities: settings.severities, today: this.#host.today() };
    const openContext = model && this.#openContext(document.uri, model);
    const { analysed, options } = analyseIn(openContext, text, base);
    const entry: DocumentAnalysis = {
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

  /**
   * The model of a document without its build context, for questions that can't wait for the rules; undefined when the
   * text is refused.
   */
  model(document: TextDocument): Dockerfile | undefined {
    const known = this.#models.get(document.uri);
    if (known?.version === document.version) return known.dockerfile;
    const dockerfile = this.#buildModel(document.getText());
    this.#models.set(document.uri, { version: document.version, dockerfile });
    return dockerfile;
  }

  /** The build context that a document with this text would have. */
  contextOf(uri: string, text: string): OpenContext | undefined {
    const dockerfile = this.#buildModel(text);
    return dockerfile && this.#openContext(uri, dockerfile);
  }

  forget(uri: string): void {
    this.#models.delete(uri);
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

  #buildModel(text: string): Dockerfile | undefined {
    if (refuseText(text)) return undefined;
    try {
      const dockerfile = buildModel(text, { today: this.#host.today() });
      return refuseModel(dockerfile) ? undefined : dockerfile;
    } catch {
      return undefined;
    }
  }

  #openContext(uri: string, dockerfile: Dockerfile): OpenContext | undefined {
    try {
      return this.#host.openContext(uri, dockerfile, this.folders);
    } catch {
      return undefined;
    }
  }
}
