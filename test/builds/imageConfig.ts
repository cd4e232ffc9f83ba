import { isDeepStrictEqual } from 'node:util';

/** The parts of an image's config that decide how a container of it runs. */
const keys = [
  'User',
  'Env',
  'WorkingDir',
  'Cmd',
  'Entrypoint',
  'ExposedPorts',
  'Volumes',
  'Labels',
  'StopSignal',
  'Healthcheck',
  'OnBuild',
  'Shell',
] as const;

export type ImageConfig = Readonly<Record<(typeof keys)[number], unknown>>;

/** Takes over what counts. Nothing, an empty text, list and object are the same to an engine. */
export function readConfig(config: Readonly<Record<string, unknown>>): ImageConfig {
  return Object.fromEntries(keys.map((key) => [key, isEmpty(config[key]) ? undefined : config[key]])) as ImageConfig;
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** What differs from the config before and the announced values; a line each. */
export function compareConfigs(
  before: ImageConfig,
  after: ImageConfig,
  announced: Readonly<Record<string, unknown>>,
): string[] {
  const wrong = Object.keys(announced).filter((key) => !(keys as readonly string[]).includes(key));
  const lines = wrong.map((key) => `config: there is no ${key}`);
  for (const key of keys) {
    const isAnnounced = key in announced;
    const expected = isAnnounced ? (isEmpty(announced[key]) ? undefined : announced[key]) : before[key];
    if (isDeepStrictEqual(after[key], expected)) continue;
    const what = isAnnounced ? 'is not as announced' : 'changed';
    lines.push(`config: ${key} ${what}: ${JSON.stringify(expected)} → ${JSON.stringify(after[key])}`);
  }
  return lines;
}
