import type { Reporter } from './fileReport.ts';
import { reportGithub } from './github.ts';
import { reportJson } from './json.ts';
import { reportSarif } from './sarif.ts';
import { reportText } from './text.ts';

export type { FileReport, Reporter, ReportOptions, TextStyle } from './fileReport.ts';

/** Reports by the name that `--format` takes. */
export const reporters = {
  text: reportText,
  json: reportJson,
  sarif: reportSarif,
  github: reportGithub,
} satisfies Record<string, Reporter>;

export type ReportFormat = keyof typeof reporters;
