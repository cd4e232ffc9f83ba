import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. Compiled, this file lies in out/scripts. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
