import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type ContainerEngine, startContainerEngine } from '../helpers/containerEngine.ts';
import { repositoryRoot } from '../helpers/repositoryRoot.ts';
import { skip } from '../helpers/skip.ts';
import { type BuildCase, readCases } from './buildCase.ts';
import { Engine } from './engine.ts';
import { makeImages } from './images.ts';
import { type Registry, startRegistry } from './registry.ts';
import { type Proof, prove } from './prove.ts';

/** Cases that are built at the same time. */
const lanes = 2;
/** Longest time for one case, in milliseconds. */
const caseLimit = 240_000;

const cases = readCases(join(repositoryRoot, 'test/builds/cases'));

describe('images built before and after a fix', function () {
  this.timeout(caseLimit);
  let container: ContainerEngine | undefined;
  let registry: Registry | undefined;
  let proofs: ReadonlyMap<BuildCase, Promise<Proof | { readonly skipped: string }>>;

  before(async function () {
    this.timeout(900_000);
    const started = await startContainerEngine();
    if ('missing' in started) skip(this, started.missing);
    container = started;
    const engine = new Engine(started);
    registry = await startRegistry();
    const images = await makeImages(engine, started, registry.url);
    const wanted = cases.filter((each) => isAskedFor(titleOf(each)));
    console.error(`builds: with ${engine.description}, ${wanted.length} cases`);
    proofs = proveAll(wanted, lanes, async (each) => {
      const lacking = each.needs.find((need) => !engine.can(need));
      if (lacking !== undefined) return { skipped: `the engine can't do this: ${lacking}` };
      const base = images.missing(each.dockerfile);
      return base === undefined ? prove(each, engine) : { skipped: base };
    });
  });

  after(async function () {
    this.timeout(60_000);
    await Promise.allSettled(proofs?.values() ?? []);
    registry?.stop();
    await container?.stop();
  });

  for (const each of cases) {
    it(each.name, async function () {
      const proof = await proofs.get(each);
      assert.ok(proof);
      if ('skipped' in proof) skip(this, proof.skipped);
      assert.ok(proof.failures.length === 0, `${each.about}\n${proof.failures.join('\n')}\n${proof.diff}`);
    });
  }
});

/** Works through a list in several lanes, in order. Every promise is handled, so that a late test may ask for it. */
function proveAll<Item, Answer>(
  items: readonly Item[],
  count: number,
  work: (item: Item) => Promise<Answer>,
): ReadonlyMap<Item, Promise<Answer>> {
  const free: Promise<unknown>[] = Array.from({ length: count }, () => Promise.resolve());
  const waiting = [...items];
  const settle = new Map<Item, { resolve: (answer: Answer) => void; reject: (reason: unknown) => void }>();
  const answers = new Map(
    items.map((item) => {
      const answer = new Promise<Answer>((resolve, reject) => settle.set(item, { resolve, reject }));
      answer.catch(() => undefined);
      return [item, answer];
    }),
  );
  for (const lane of free) {
    void lane.then(async () => {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
        const { resolve, reject } = settle.get(item)!;
        await work(item).then(resolve, reject);
      }
    });
  }
  return answers;
}

function titleOf({ name }: BuildCase): string {
  return `images built before and after a fix ${name}`;
}

/** Whether mocha was asked for this test: what nobody waits for is not built. */
function isAskedFor(title: string): boolean {
  const at = process.argv.findIndex((word) => /^--grep(?:=|$)/.test(word));
  const given = /^--grep=(.*)$/s.exec(process.argv[at] ?? '')?.[1] ?? process.argv[at + 1];
  return at < 0 || new RegExp(given ?? '').test(title);
}
