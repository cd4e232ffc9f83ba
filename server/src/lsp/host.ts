import type { ConfigText } from '../features/protocol.ts';
import type { OpenedContext } from '../lint/analyse.ts';
import type { Dockerfile } from '../model/dockerfile.ts';

/** What the server needs of the machine it runs on; a server in a browser has a host without files. */
export interface Host {
  /** ISO date. */
  today(): string;
  /**
   * The build context of a Dockerfile; undefined when it can't be known: no file, or nothing that it copies is there.
   *
   * @param folders URIs of the workspace folders: the context is never looked for outside the one that holds the file
   */
  openContext(uri: string, dockerfile: Dockerfile, folders: readonly string[]): OpenContext | undefined;
  /** Text and URI of the nearest configuration file, from the file's folder up to its workspace folder. */
  findConfig(uri: string, folders: readonly string[]): ConfigText | undefined | Promise<ConfigText | null | undefined>;
}

export interface OpenContext extends OpenedContext {
  /** URI of a path that is relative to the context's root. */
  uriOf(path: string): string;
  /** Whether the answer to any question so far depends on the file or folder. */
  hasConsulted(uri: string): boolean;
  /** The next one is read anew. */
  forget(): void;
}

/** Today as an ISO date, in local time. */
export function today(): string {
  const now = new Date();
  const pad = (value: number): string => String(value).padStart(2, '0');
  return `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
}
