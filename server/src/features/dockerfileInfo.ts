import type { Dockerfile } from '../model/dockerfile.ts';
import { platformArgs, predefinedArgs } from '../model/environment.ts';

export interface StageSummary {
  readonly index: number;
  /** As written after AS. */
  readonly name: string | undefined;
  readonly isFinal: boolean;
  /** 0-based line of FROM. */
  readonly line: number;
  readonly image: string | undefined;
}

export interface ArgSummary {
  readonly name: string;
  /** Whether any ARG of that name has a default. */
  readonly hasDefault: boolean;
}

/** What building the file asks for: its stages, and the arguments that the builder does not set by itself. */
export function dockerfileInfo(dockerfile: Dockerfile): {
  readonly stages: readonly StageSummary[];
  readonly args: readonly ArgSummary[];
} {
  const stages = dockerfile.stages.map((stage) => ({
    index: stage.index,
    name: stage.nameWord?.text,
    isFinal: stage.isFinal,
    line: dockerfile.lines.lineAt(stage.from.range.start),
    image: stage.base.word?.text,
  }));
  const args = new Map<string, ArgSummary>();
  for (const instruction of dockerfile.instructions) {
    if (instruction.keyword !== 'ARG') continue;
    for (const { name, rawValue } of instruction.pairs) {
      if (platformArgs.has(name) || predefinedArgs.has(name)) continue;
      args.set(name, { name, hasDefault: rawValue !== undefined || args.get(name)?.hasDefault === true });
    }
  }
  return { stages, args: [...args.values()] };
}
