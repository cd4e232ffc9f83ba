import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attributeLayers, readProvenance } from '../../server/src/attribution/index.ts';
import { buildMetadata, findBuildRecord } from '../../server/src/engine/buildRecord.ts';
import { type Engine, findEngine } from '../../server/src/engine/engine.ts';
import { thisMachine } from '../../server/src/engine/findExecutable.ts';
import { lookIntoImage } from '../../server/src/engine/imageFacts.ts';
import { localImageFacts } from '../../server/src/engine/imageFacts.ts';
import { runProgram } from '../../server/src/engine/process.ts';
import { scanImage } from '../../server/src/engine/scanImage.ts';
import type { Step } from '../../server/src/engine/step.ts';
import type { ScanTools } from '../../server/src/engine/tools.ts';
import type { BuildSource, ScanFailure, ScanSettings } from '../../server/src/engine/types.ts';
import { buildModel } from '../../server/src/model/dockerfile.ts';
import { type ContainerEngine, startContainerEngine } from '../helpers/containerEngine.ts';
import { installFakeTrivy } from '../helpers/fakeTrivy.ts';
import { skip } from '../helpers/skip.ts';
import { until } from '../helpers/until.ts';

const dockerfile = `FROM busybox:local AS base
ARG GREETING=none
RUN echo "$GREETING" > /greeting

FROM base AS app
COPY file /file
RUN echo printed by a step && echo "{\\"json\\": true}"
USER 1000

FROM base
COPY file /other
`;

for (const kind of ['docker', 'podman'] as const) {
  describe(`a real ${kind}`, function () {
    this.timeout(120_000);
    let container: ContainerEngine;
    let folder: string;
    let context: string;
    let log: string[];

    before(async function () {
      this.timeout(400_000);
      const started = await startContainerEngine({ kind });
      if ('missing' in started) skip(this, started.missing);
      container = started;
      console.log(`      with ${container.description}`);
    });

    after(() => container?.stop());

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'plimsoll-engine-test-'));
      context = join(folder, 'with blank');
      mkdirSync(context);
      writeFileSync(join(context, 'Dockerfile'), dockerfile);
      writeFileSync(join(context, 'file'), 'content\n');
      log = [];
    });

    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    const settings = (): ScanSettings => ({
      engine: kind,
      timeoutMinutes: 1,
      [kind === 'docker' ? 'dockerPath' : 'podmanPath']: container.path,
      extraBuildArguments: container.buildArguments,
    });

    const tools = (env: NodeJS.ProcessEnv = {}, signal = new AbortController().signal): ScanTools => ({
      run: runProgram,
      machine: { ...thisMachine, env: { ...process.env, ...container.env, ...env } },
      storageFolder: folder,
      signal,
      log: (line) => log.push(line),
    });

    const source = (more: Partial<BuildSource> = {}): BuildSource => ({
      kind: 'build',
      dockerfile: join(context, 'Dockerfile'),
      context,
      tag: 'plimsoll-scan/test:1',
      ...more,
    });

    async function open(env?: Record<string, string>, signal?: AbortSignal): Promise<Engine> {
      return value(await findEngine(settings(), tools(env, signal)));
    }

    function value<T>(step: Step<T>): T {
      assert.ok(step.status === 'done', JSON.stringify(step));
      return step.value;
    }

    function failure(step: Step<unknown>): ScanFailure {
      assert.ok(step.status === 'failure', JSON.stringify(step));
      return step.failure;
    }

    /** The environments that make the same client build in each of its ways. */
    const builders: Record<string, Record<string, string>> = kind === 'podman'
      ? { buildah: {} }
      : { legacy: { DOCKER_BUILDKIT: '0' }, 'the default': {} };

    it('says what it is', async () => {
      const { info } = await open();
      assert.equal(info.kind, kind);
      assert.match(info.serverVersion, /^\d+\.\d+/);
      if (kind === 'docker') assert.ok((container.builders as readonly string[]).includes(info.builder));
    });

    it('looks into the layers of an image without a file of it', async () => {
      const wasteful = `FROM busybox:local\nRUN dd if=/dev/zero of=/big bs=1000 count=3000\nRUN rm /big\n`;
      writeFileSync(join(context, 'Dockerfile'), wasteful);
      const engine = await open();
      const { id } = value(await engine.build(source(), settings(), () => undefined));
      const saves = () => readdirSync(tmpdir()).filter((name) => name.startsWith('plimsoll-scan-save-'));
      const others = new Set(saves());
      const left = () => saves().filter((name) => !others.has(name));
      const { image, waste } = value(await lookIntoImage(engine, id, () => undefined));
      assert.equal(image.diffIds.length, 3);
      const [by] = waste![1]!.by;
      assert.deepEqual([by?.layer, by?.bytes, by?.removed], [2, 3_000_000, 3_000_000]);
      assert.equal(by?.largest[0]?.path, '/big');
      assert.deepEqual(left(), []);

      const controller = new AbortController();
      const open2 = await open({}, controller.signal);
      const looking = lookIntoImage(open2, id, () => undefined);
      controller.abort();
      assert.equal((await looking).status, 'cancelled');
      assert.equal(failure(await lookIntoImage(engine, 'no-such-image:1', () => undefined)).kind, 'no-image');
      assert.deepEqual(left(), []);
    });

    it('lists its images', async () => {
      const images = value(await (await open()).images());
      const busybox = images.find((image) => image.tags.some((tag) => tag.endsWith('busybox:local')));
      assert.ok(busybox);
      assert.match(busybox.id, /^sha256:[0-9a-f]{64}$/);
      assert.ok(busybox.size > 500_000);
      assert.ok(Math.abs(Date.now() - busybox.created.getTime()) < 600_000);
    });

    it('knows which images it has', async () => {
      const engine = await open();
      const image = value(await engine.image('busybox:local'));
      assert.ok(image);
      assert.equal(value(await engine.image(image.id))?.id, image.id);
      assert.equal(value(await engine.image('plimsoll-nowhere:1')), undefined);
    });

    for (const [name, env] of Object.entries(builders)) {
      describe(`building with ${name}`, () => {
        it('builds a stage with arguments, and tells the steps', async () => {
          const engine = await open(env);
          const steps: string[] = [];
          const built = await engine.build(
            source({ target: 'app', buildArgs: { GREETING: `good day ${name}` } }),
            settings(),
            (step) => steps.push(step),
          );
          const { id } = value(built);
          const image = value(await engine.image('plimsoll-scan/test:1'));
          assert.equal(image?.id, id);
          assert.equal((await container.run('image', 'inspect', '--format', '{{.Config.User}}', id)).trim(), '1000');
          assert.ok(
            steps.some((step) => step.includes('COPY file /file')),
            steps.join('\n'),
          );
          assert.match(log.join('\n'), /printed by a step/);
          assert.match(log.join('\n'), /"json"/);
          assert.doesNotMatch(log.find((line) => line.startsWith('>')) ?? '', /good day/);
          assert.deepEqual(readdirSync(folder), ['with blank']);
        });

        it('tells a failing step from a wrong Dockerfile', async () => {
          const engine = await open(env);
          const build = (text: string, more: Partial<BuildSource> = {}) => {
            writeFileSync(join(context, 'Dockerfile'), text);
            return engine.build(source(more), settings(), () => undefined);
          };
          const step = failure(await build('FROM busybox:local\nRUN echo oops && exit 3\n'));
          assert.equal(step.kind, 'build-failed');
          assert.match(step.message, /3/);
          assert.match(step.details, /oops/);
          assert.equal(failure(await build('FROM busybox:local\nSET x\n')).kind, 'dockerfile-invalid');
          assert.equal(failure(await build(dockerfile, { target: 'nope' })).kind, 'dockerfile-invalid');
          assert.equal(
            failure(await build(dockerfile, { dockerfile: join(folder, 'none') })).kind,
            'context-unreadable',
          );
          // Podman asks an address several times, but refuses a short name at once.
          const missing = failure(await build(`FROM ${kind === 'podman' ? '' : 'localhost:1/'}plimsoll-nowhere:1\n`));
          assert.equal(missing.kind, 'registry-unreachable', missing.details);
        });

        it('ends a build that is cancelled, with its containers', async () => {
          const controller = new AbortController();
          const engine = await open(env, controller.signal);
          const text = `FROM busybox:local\nRUN echo ${Date.now()} > /made\nRUN sleep 97531\n`;
          writeFileSync(join(context, 'Dockerfile'), text);
          const images = async () => (await container.run('image', 'ls', '--all', '--quiet')).split('\n').sort();
          const before = await images();
          const built = await engine.build(source(), settings(), (step) => {
            if (step.includes('sleep')) setTimeout(() => controller.abort(), 700);
          });
          assert.equal(built.status, 'cancelled');
          await until(() => !sleeping());
          assert.equal(sleeping(), false, 'the step still runs');
          assert.deepEqual(readdirSync(folder), ['with blank']);
          // What podman works in is no container to its usual list.
          const external = kind === 'podman' ? ['--external'] : [];
          const containers = async () => (await container.run('ps', '--all', '--quiet', ...external)).trim();
          await until(async () => (await containers()) === '');
          assert.equal(await containers(), '');
          assert.deepEqual(await images(), before, 'images left behind');
        });

        it('leaves alone what another window builds meanwhile', async () => {
          const temporary = join(folder, 'temporary');
          mkdirSync(temporary);
          const controller = new AbortController();
          const [ours, theirs] = [await open({ ...env, TMPDIR: temporary }, controller.signal), await open(env)];
          const text = (name: string, last: string) =>
            `FROM busybox:local\nRUN echo ${Date.now()} > /both\nRUN echo ${name} > /made\nRUN ${last}\n`;
          const build = (engine: Engine, name: string, last: string, onStep: (step: string) => void) => {
            const dockerfilePath = join(context, `Dockerfile.${name}`);
            writeFileSync(dockerfilePath, text(name, last));
            return engine.build(
              source({ dockerfile: dockerfilePath, tag: `plimsoll-scan/${name}:1` }),
              settings(),
              onStep,
            );
          };
          const other = build(theirs, 'theirs', 'sleep 5 && echo done > /done', () => undefined);
          const cancelled = await build(ours, 'ours', 'sleep 97532', (step) => {
            if (step.includes('97532')) setTimeout(() => controller.abort(), 700);
          });
          assert.equal(cancelled.status, 'cancelled');
          const { id } = value(await other);
          assert.equal(value(await theirs.image('plimsoll-scan/theirs:1'))?.id, id);
          // Podman's environment of the step that was interrupted.
          assert.deepEqual(readdirSync(temporary), []);
          rmSync(temporary, { recursive: true });
        });
      });
    }

    /** The record of builds came with docker 23; buildx asks for it. */
    const keepsRecords = () => container.builders.includes('buildx');

    /** Lines of each layer that is not the base image's, and how sure they are. */
    async function linesOf(engine: Engine, id: string, text: string, record: string | undefined): Promise<string[]> {
      const provenance = record === undefined ? undefined : readProvenance(JSON.parse(record));
      const facts = value(await localImageFacts(engine, id, tools()));
      const { layers } = attributeLayers(facts, buildModel(text), { provenance });
      return layers
        .filter((layer) => layer.kind !== 'base')
        .map(
          ({ instructions, confidence }) => `${instructions.map((each) => each.lines.join('-')).join()} ${confidence}`,
        );
    }

    it('tells the line of each layer, exactly where the builder keeps a record', async () => {
      const engine = await open();
      const { id, metadata } = value(await engine.build(source(), settings(), () => undefined));
      const built = { id, ...(metadata === undefined ? {} : { metadata }) };
      const record = await buildMetadata(engine, id, built, tools());
      const confidence = keepsRecords() ? 'exact' : 'matched';
      assert.deepEqual(await linesOf(engine, id, dockerfile, record), [`3-3 ${confidence}`, `11-11 ${confidence}`]);
      if (!keepsRecords()) return;
      assert.equal(record, metadata);
      // The same for a build that somebody else has started, and after an edit.
      const text = dockerfile.replace('COPY file /other', 'COPY file /another');
      writeFileSync(join(context, 'Dockerfile'), text);
      await container.run('buildx', 'build', ...container.buildArguments, '--tag', 'plimsoll-scan/theirs:1', context);
      const found = await findBuildRecord(engine, 'plimsoll-scan/theirs:1', tools());
      const edited = text.replace('ARG', '# new\nARG');
      assert.deepEqual(await linesOf(engine, 'plimsoll-scan/theirs:1', edited, found), ['4-4 exact', '12-12 exact']);
      assert.equal(await findBuildRecord(engine, 'busybox:local', tools()), undefined);
    });

    it('saves an image', async () => {
      const engine = await open();
      const file = join(folder, 'image.tar');
      value(await engine.save('busybox:local', file));
      assert.ok(statSync(file).size > 500_000);
      assert.equal(failure(await engine.save('plimsoll-nowhere:1', join(folder, 'none.tar'))).kind, 'no-image');
      assert.ok(!existsSync(join(folder, 'none.tar')));
    });

    it('scans what it builds, and keeps only the newest image', async () => {
      const trivy = installFakeTrivy(join(folder, 'tools'));
      writeFileSync(join(context, 'Dockerfile'), 'FROM busybox:local\nCOPY file /file\n');
      const scan = async () => {
        const host = {
          ...tools(),
          storageFolder: join(folder, 'storage'),
          now: () => new Date(),
          progress: () => undefined,
        };
        const request = {
          source: source({ tag: 'plimsoll-scan/rescan:1' }),
          settings: { ...settings(), trivyPath: trivy.path },
        };
        const outcome = await scanImage(request, host);
        assert.ok(outcome.status === 'success', JSON.stringify(outcome));
        return outcome;
      };
      const engine = await open();
      const first = await scan();
      writeFileSync(join(context, 'file'), 'changed\n');
      const second = await scan();
      assert.notEqual(first.builtImageId, second.builtImageId);
      assert.equal(value(await engine.image(first.builtImageId ?? '')), undefined);
      assert.equal(second.engine?.kind, kind);
      assert.deepEqual(readdirSync(join(folder, 'storage')), []);
      const argv = trivy.calls().findLast((call) => call.argv[0] === 'image')?.argv ?? [];
      const expected = kind === 'docker' ? ['--docker-host', container.env.DOCKER_HOST] : ['--input'];
      for (const argument of expected) assert.ok(argument !== undefined && argv.includes(argument), argv.join(' '));
    });

    if (kind === 'docker') {
      it('tells why an engine does not answer', async () => {
        const ask = async (env: NodeJS.ProcessEnv) => failure(await findEngine(settings(), tools(env))).kind;
        assert.equal(await ask({ DOCKER_HOST: `unix://${folder}/none.sock` }), 'engine-not-running');
        assert.equal(await ask({ DOCKER_HOST: undefined, DOCKER_CONTEXT: 'plimsoll-gone' }), 'engine-wrong-context');
        assert.equal(await ask({ DOCKER_HOST: 'tcp://127.0.0.1:1' }), 'engine-not-running');
      });
    }
  });
}

/** Looks for the step of the cancelled build among all processes. */
function sleeping(): boolean {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => commandLine(pid) === 'sleep\u000097531\u0000');
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
