import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import * as v from 'valibot';

/** One difference that a fix announces. It must be there, unless it only may be. */
const difference = v.strictObject({
  /** Absolute path in the image; a glob in which `**` crosses folders. */
  path: v.string(),
  how: v.picklist(['gone', 'new', 'type', 'mode', 'owner', 'target', 'content']),
  why: v.string(),
  maybe: v.optional(v.boolean(), false),
});

/** A start of the container. Exit code and output are the same before and after, and are what stands here. */
const start = v.strictObject({
  /** Arguments behind the image; what CMD says when left out. */
  args: v.optional(v.array(v.string())),
  entrypoint: v.optional(v.string()),
  env: v.optional(v.record(v.string(), v.string()), {}),
  /** Expected exit code. */
  exit: v.optional(v.number(), 0),
  /** Text that the output must contain. */
  prints: v.optional(v.string()),
});

/** The same build under other circumstances. */
const variant = v.strictObject({
  buildArgs: v.optional(v.record(v.string(), v.string()), {}),
  /** Files of the context that are written first. */
  edit: v.optional(v.record(v.string(), v.string()), {}),
  /** What is for the fix to find out: before, nobody noticed. */
  onlyAfter: v.optional(v.boolean(), false),
});

/** `case.json`, beside the Dockerfile and the files of its build context. */
const caseSchema = v.strictObject({
  /** What makes this case worth building, in one sentence. */
  about: v.string(),
  /** Ids of the rules whose fixes are applied; all of them when left out. */
  rules: v.optional(v.array(v.string())),
  /** `safe`: what fix-all applies. Any other text: the fix whose title contains it. `none`: nothing may be offered as safe. */
  fix: v.optional(v.string(), 'safe'),
  /** More files of the context, path → text: for names that git would not keep. */
  context: v.optional(v.record(v.string(), v.string()), {}),
  buildArgs: v.optional(v.record(v.string(), v.string()), {}),
  /** Announced values of the image config afterwards, such as `{"User": "node"}`. */
  config: v.optional(v.record(v.string(), v.unknown()), {}),
  /** Announced differences of the final file system. */
  files: v.optional(v.array(difference), []),
  /** `false` where the fix makes another image on purpose (a smaller base): then only behaviour is compared. */
  sameFiles: v.optional(v.boolean(), true),
  /** Before the fix the build fails; what is built afterwards only has to do what the case says. */
  repairs: v.optional(v.boolean(), false),
  /** Paths that the image has before the fix and no longer has afterwards; globs as in `files`. */
  gone: v.optional(v.array(v.string()), []),
  /** How many layers fewer the image has at least. */
  fewerLayers: v.optional(v.number()),
  /** How many bytes smaller the image is at least. */
  fewerBytes: v.optional(v.number()),
  runs: v.optional(v.array(start), [{}]),
  /** A service: started in the background, then asked by a command inside its container. */
  service: v.optional(v.strictObject({ request: v.array(v.string()), answers: v.string() })),
  /** The container does not run as root afterwards. */
  nonRoot: v.optional(v.boolean(), false),
  /** After an edit, which steps (by a text in them) come from the cache that did not before the fix. */
  rebuild: v.optional(v.strictObject({ edit: v.record(v.string(), v.string()), reuses: v.array(v.string()) })),
  /** Builds that fail before and after, with the same exit code of the failing step. */
  fails: v.optional(v.array(variant), []),
  /** What the engine must be able to do; `heredoc` also stands for a newer frontend, named by `# syntax=`. `amd64` is the machine. */
  needs: v.optional(v.array(v.picklist(['heredoc', 'buildkit', 'amd64'])), []),
});

export type BuildCase = v.InferOutput<typeof caseSchema> & {
  /** `practice/name`. */
  readonly name: string;
  readonly practice: string;
  readonly folder: string;
  readonly dockerfile: string;
};
export type AnnouncedDifference = v.InferOutput<typeof difference>;
export type Start = v.InferOutput<typeof start>;
export type Variant = v.InferOutput<typeof variant>;

/** Reads all cases below a folder, sorted by name. Throws when one is not as it should be. */
export function readCases(root: string): BuildCase[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('/case.json'))
    .sort()
    .map((file) => {
      const folder = join(root, file, '..');
      const name = relative(root, folder);
      const parsed = v.safeParse(caseSchema, JSON.parse(readFileSync(join(root, file), 'utf8')));
      if (!parsed.success) {
        const issues = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? ''}: ${issue.message}`);
        throw new Error(`${name}/case.json: ${issues.join('; ')}`);
      }
      const dockerfile = readFileSync(join(folder, 'Dockerfile'), 'utf8');
      return { ...parsed.output, name, practice: name.split('/')[0]!, folder, dockerfile };
    });
}
