import { StringDecoder } from 'node:string_decoder';
import { asArray, asObject, asText, cleanText, type JsonObject } from '../scan/untrusted.ts';

/** What one line of a build's output says. */
export interface BuildNews {
  /** Lines for the log, readable. */
  readonly log: readonly string[];
  /** The step that has just begun. */
  readonly step?: string;
}

const longestStep = 120;

/**
 * Follows the output of a build, of any builder: BuildKit's `--progress rawjson` (one object a line, or several lines
 * in buildx before 0.14) and `plain`, docker's legacy builder, buildah.
 */
export class BuildOutput {
  readonly #isJson: boolean;
  /** Lines of an object that isn't complete yet. */
  #pending: string[] = [];
  readonly #steps = new Map<string, Step>();

  /** @param isJson true when the output was asked for as JSON; otherwise JSON in it is what a step has printed */
  constructor(isJson: boolean) {
    this.#isJson = isJson;
  }

  push(line: string): BuildNews {
    if (this.#isJson && (this.#pending.length > 0 || line === '{')) return this.#collect(line);
    if (this.#isJson && line.startsWith('{"')) {
      const update = parseObject(line);
      if (update !== undefined) return this.#read(update);
    }
    const clean = cleanText(line);
    const step = textStep(clean);
    return { log: [clean], ...(step === undefined ? {} : { step }) };
  }

  #collect(line: string): BuildNews {
    this.#pending.push(line);
    if (line !== '}') return { log: [] };
    const text = this.#pending.join('\n');
    this.#pending = [];
    const update = parseObject(text);
    return update === undefined ? { log: text.split('\n').map(cleanText) } : this.#read(update);
  }

  #read(update: JsonObject): BuildNews {
    const log: string[] = [];
    let begun: string | undefined;
    for (const item of asArray(update.vertexes)) {
      const vertex = asObject(item) ?? {};
      const step = this.#step(asText(vertex.digest) ?? '');
      step.name ??= asText(vertex.name);
      const name = step.name ?? '';
      if (vertex.started !== undefined && !step.started) {
        step.started = true;
        log.push(`#${step.number} ${name}`);
        if (!name.startsWith('[internal]')) begun = shorten(name);
      }
      const error = asText(vertex.error);
      if (step.ended || (error === undefined && vertex.cached !== true)) continue;
      step.ended = true;
      log.push(error === undefined ? `#${step.number} CACHED` : `#${step.number} ERROR: ${error}`);
    }
    for (const item of asArray(update.logs)) {
      const entry = asObject(item) ?? {};
      const step = this.#step(asText(entry.vertex) ?? '');
      if (typeof entry.data !== 'string') continue;
      const lines = (step.rest + step.decoder.write(Buffer.from(entry.data, 'base64'))).split('\n');
      step.rest = lines.pop() ?? '';
      for (const line of lines) log.push(`#${step.number} ${cleanText(line)}`);
    }
    for (const item of asArray(update.warnings)) {
      const short = asObject(item)?.short;
      if (typeof short === 'string') log.push(`WARNING: ${cleanText(Buffer.from(short, 'base64').toString('utf8'))}`);
    }
    return { log, ...(begun === undefined ? {} : { step: begun }) };
  }

  #step(digest: string): Step {
    let step = this.#steps.get(digest);
    if (step === undefined) {
      const number = this.#steps.size + 1;
      step = { number, name: undefined, started: false, ended: false, rest: '', decoder: new StringDecoder('utf8') };
      this.#steps.set(digest, step);
    }
    return step;
  }
}

interface Step {
  readonly number: number;
  readonly decoder: StringDecoder;
  name: string | undefined;
  started: boolean;
  ended: boolean;
  rest: string;
}

function parseObject(text: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function textStep(line: string): string | undefined {
  const match =
    // BuildKit: `#5 [one 2/2] RUN make`
    /^#\d+ (\[(?!internal\]).*?\d+\/\d+\] .*)$/.exec(line) ??
    // Docker's legacy builder: `Step 2/7 : RUN make`
    /^(Step \d+\/\d+) : (.*)$/.exec(line) ??
    // Buildah: `[1/2] STEP 2/7: RUN make`
    /^((?:\[\d+\/\d+\] )?STEP \d+\/\d+): (.*)$/.exec(line);
  if (match === null) return undefined;
  return shorten(match[2] === undefined ? (match[1] ?? '') : `${match[1]}: ${match[2]}`);
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > longestStep ? `${line.slice(0, longestStep)}…` : line;
}
