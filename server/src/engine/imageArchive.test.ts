import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { tar } from '../../../test/helpers/tar.ts';
import { lookIntoArchive } from './imageFacts.ts';
import { readImageArchive, readImageStream } from './imageArchive.ts';

const config = JSON.stringify({
  rootfs: { diff_ids: ['sha256:1', 'sha256:2'] },
  history: [{ created_by: 'a' }, { created_by: 'b' }],
});
const layer = Buffer.alloc(5000, 'x');

describe('image archives', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'plimsoll-archive-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function read(content: Buffer) {
    const file = join(folder, 'image.tar');
    writeFileSync(file, content);
    return readImageArchive(file);
  }

  const saved = (name = 'manifest.json'): Buffer =>
    tar([
      ['one/layer.tar', layer],
      ['two/layer.tar', gzipSync(Buffer.alloc(70_000))],
      ['config.json', config],
      [
        name,
        JSON.stringify([{ Config: 'config.json', RepoTags: ['x:1'], Layers: ['one/layer.tar', 'two/layer.tar'] }]),
      ],
    ]);

  it('of docker save tell the configuration and uncompressed sizes', async () => {
    const reading = await read(saved());
    assert.ok('image' in reading);
    assert.equal(reading.name, 'x:1');
    assert.deepEqual(reading.image.diffIds, ['sha256:1', 'sha256:2']);
    assert.deepEqual(reading.image.sizes, [5000, 70_000]);
    assert.equal(reading.image.history.length, 2);
  });

  it('that are packed otherwise are called so', async () => {
    for (const [start, name] of [
      ['28b52ffd', 'zstd'],
      ['fd377a585a00', 'xz'],
      ['425a6839', 'bzip2'],
    ] as const) {
      const reading = await read(Buffer.concat([Buffer.from(start, 'hex'), Buffer.alloc(2000, 7)]));
      assert.deepEqual(reading, {
        problem: `The file is packed with ${name}, which is not read here: unpack it first.`,
      });
    }
  });

  it('may be compressed as a whole, and have members in front of the manifest larger than memory should hold', async () => {
    const big = gzipSync(Buffer.alloc(60_000_000), { level: 0 });
    const content = tar([
      ['big', big],
      ['c', config],
      ['manifest.json', JSON.stringify([{ Config: 'c', Layers: ['big', './big'] }])],
    ]);
    const reading = await read(gzipSync(content, { level: 1 }));
    assert.ok('image' in reading);
    assert.deepEqual(reading.image.sizes, [60_000_000, 60_000_000]);
  });

  it('tell what later layers throw away, packed layers included', async () => {
    const lower = tar([
      ['etc/a', Buffer.alloc(100)],
      ['var/cache/x', Buffer.alloc(700_000)],
      ['keep', Buffer.alloc(5)],
    ]);
    const upper = tar([
      ['./etc/a', Buffer.alloc(7)],
      ['var/.wh.cache', ''],
    ]);
    const reading = await read(
      tar([
        ['one.tar', lower],
        ['two.tar', gzipSync(upper)],
        ['c', config],
        ['manifest.json', JSON.stringify([{ Config: 'c', Layers: ['one.tar', 'two.tar'] }])],
      ]),
    );
    assert.ok('image' in reading);
    assert.deepEqual(
      reading.waste?.map(({ bytes }) => bytes),
      [700_100, 0],
    );
    assert.deepEqual(reading.waste?.[0]?.by[0]?.largest[0], { path: '/var/cache/x', size: 700_000 });
    assert.deepEqual(reading.image.sizes, [lower.length, upper.length]);
  });

  it('may come as a stream, which is read to its end', async () => {
    let chunks = 0;
    async function* pieces(content: Buffer) {
      for (let at = 0; at < content.length; at += 700, chunks++) yield content.subarray(at, at + 700);
    }
    const whole = Buffer.concat([saved(), Buffer.alloc(70_000)]);
    const reading = await readImageStream(pieces(whole));
    assert.ok('image' in reading);
    assert.deepEqual(reading.image.sizes, [5000, 70_000]);
    assert.equal(chunks, Math.ceil(whole.length / 700));
    chunks = 0;
    assert.deepEqual(await readImageStream(pieces(Buffer.alloc(7000, 'x'))), {
      problem: 'The file is not a tar archive.',
    });
    assert.equal(chunks, 10);
  });

  it('are read no further when nobody wants to know any more', async () => {
    const controller = new AbortController();
    const file = join(folder, 'large.tar');
    writeFileSync(file, tar([['large', gzipSync(Buffer.alloc(200_000_000), { level: 1 })]]));
    const looking = lookIntoArchive(file, controller.signal);
    controller.abort();
    assert.equal((await looking).status, 'cancelled');
  });

  it('may name a layer by a link', async () => {
    const content = tar([
      ['one/layer.tar', layer],
      ['two/layer.tar', '', '../one/layer.tar'],
      ['c', config],
      ['manifest.json', JSON.stringify([{ Config: 'c', Layers: ['one/layer.tar', 'two/layer.tar'] }])],
    ]);
    const reading = await read(content);
    assert.ok('image' in reading);
    assert.deepEqual(reading.image.sizes, [5000, 5000]);
  });

  it('may be an OCI layout with an index for several platforms', async () => {
    const blob = (digest: string) => `blobs/sha256/${digest}`;
    const content = tar([
      [blob('c'), config],
      [blob('l1'), layer],
      [blob('l2'), layer],
      [
        blob('m'),
        JSON.stringify({ config: { digest: 'sha256:c' }, layers: [{ digest: 'sha256:l1' }, { digest: 'sha256:l2' }] }),
      ],
      [
        blob('i'),
        JSON.stringify({
          manifests: [
            { digest: 'sha256:attestation', platform: { os: 'unknown', architecture: 'unknown' } },
            { digest: 'sha256:m', platform: { os: 'linux' } },
          ],
        }),
      ],
      [
        'index.json',
        JSON.stringify({
          manifests: [{ digest: 'sha256:i', annotations: { 'org.opencontainers.image.ref.name': '1' } }],
        }),
      ],
    ]);
    const reading = await read(content);
    assert.ok('image' in reading);
    assert.deepEqual([reading.name, reading.image.sizes], ['1', [5000, 5000]]);
  });

  it('may hold an image for each of several platforms', async () => {
    const manifest = (config: string) => JSON.stringify({ config: { digest: `sha256:${config}` }, layers: [] });
    const platform = (architecture: string) => ({ os: 'linux', architecture });
    const name = { 'org.opencontainers.image.ref.name': 'x' };
    const content = tar([
      ['blobs/sha256/c', config],
      ['blobs/sha256/d', config.replace('"a"', '"other"')],
      ['blobs/sha256/m', manifest('c')],
      ['blobs/sha256/n', manifest('d')],
      [
        'blobs/sha256/i',
        JSON.stringify({
          manifests: [
            { digest: 'sha256:m', platform: platform('amd64') },
            { digest: 'sha256:n', platform: { ...platform('arm64'), variant: 'v8' } },
            // An index that leads to itself.
            { digest: 'sha256:i' },
          ],
        }),
      ],
      ['index.json', JSON.stringify({ manifests: [{ digest: 'sha256:i', annotations: name }] })],
    ]);
    const reading = await read(content);
    assert.ok('image' in reading);
    const all = [reading, ...reading.others].map((each) => [each.name, each.image.history[0]!.createdBy]);
    assert.deepEqual(all, [
      ['x (linux/amd64)', 'a'],
      ['x (linux/arm64/v8)', 'other'],
    ]);
  });

  it('tell no size of a layer that is packed with zstd', async () => {
    const packed = Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), Buffer.alloc(300)]);
    const manifest = JSON.stringify([{ Config: 'c', Layers: ['one', 'two'] }]);
    const reading = await read(
      tar([
        ['one', packed],
        ['two', tar([['a', 'x']])],
        ['c', config],
        ['manifest.json', manifest],
      ]),
    );
    assert.ok('image' in reading);
    assert.deepEqual([reading.image.sizes[0], reading.waste], [undefined, undefined]);
    assert.ok(reading.image.sizes[1]! > 0);
  });

  it('are read without a look into the layers when only the rest is wanted', async () => {
    const file = join(folder, 'image.tar');
    writeFileSync(file, saved());
    const reading = await readImageArchive(file, undefined, 'skip');
    assert.ok('image' in reading);
    assert.deepEqual([reading.image.diffIds, reading.waste], [['sha256:1', 'sha256:2'], undefined]);
  });

  /** An OCI layout with the builder's statement about its image. */
  const layout = (): [string, string | Buffer][] => {
    const blob = (name: string) => `blobs/sha256/${name.repeat(64)}`;
    const digest = (name: string) => `sha256:${name.repeat(64)}`;
    return [
      ['index.json', JSON.stringify({ manifests: [{ digest: digest('a') }] })],
      [
        blob('a'),
        JSON.stringify({
          manifests: [
            { digest: digest('b'), platform: { os: 'linux' } },
            {
              digest: digest('c'),
              platform: { os: 'unknown' },
              annotations: { 'vnd.docker.reference.digest': digest('b') },
            },
          ],
        }),
      ],
      [
        blob('b'),
        JSON.stringify({ config: { digest: digest('d') }, layers: [{ digest: digest('e') }, { digest: digest('e') }] }),
      ],
      [
        blob('c'),
        JSON.stringify({
          config: { digest: digest('1') },
          layers: [
            { digest: digest('2'), annotations: { 'in-toto.io/predicate-type': 'https://spdx.dev/Document' } },
            { digest: digest('3'), annotations: { 'in-toto.io/predicate-type': 'https://slsa.dev/provenance/v1' } },
          ],
        }),
      ],
      [blob('3'), JSON.stringify({ predicate: 'provenance' })],
      [blob('d'), config],
      [blob('e'), gzipSync(layer)],
    ];
  };

  it('may have the record of the build in them', async () => {
    const reading = await read(tar(layout()));
    assert.ok('image' in reading);
    assert.deepEqual(reading.provenance, { predicate: 'provenance' });
    // Docker saves the same with a manifest of its own kind.
    const [d, e] = ['d', 'e'].map((name) => `blobs/sha256/${name.repeat(64)}`);
    const manifest = JSON.stringify([{ Config: d, RepoTags: ['x:1'], Layers: [e, e] }]);
    const both = await read(tar([...layout(), ['manifest.json', manifest]]));
    assert.ok('image' in both);
    assert.deepEqual([both.name, both.provenance], ['x:1', { predicate: 'provenance' }]);
  });

  it('may be unpacked in a folder, with other things beside them', async () => {
    const unpacked = join(folder, 'layout');
    mkdirSync(join(unpacked, 'blobs/sha256'), { recursive: true });
    for (const [name, content] of layout()) writeFileSync(join(unpacked, name), content);
    mkdirSync(join(unpacked, 'blobs/sha256/folder'));
    writeFileSync(join(unpacked, 'notes.txt'), 'mine');
    const reading = await readImageArchive(unpacked);
    assert.ok('image' in reading);
    assert.deepEqual(reading.image.sizes, [5000, 5000]);
    assert.deepEqual(reading.provenance, { predicate: 'provenance' });
  });

  it('may hold several images', async () => {
    const other = JSON.stringify({ rootfs: { diff_ids: ['sha256:1'] }, history: [{ created_by: 'other' }] });
    const manifests = [
      { Config: 'config.json', RepoTags: ['x:1'], Layers: ['a', 'a'] },
      { Config: 'gone.json', RepoTags: ['gone:1'], Layers: ['a'] },
      { Config: 'other.json', RepoTags: ['y:1'], Layers: ['a'] },
    ];
    const reading = await read(
      tar([
        ['a', layer],
        ['config.json', config],
        ['other.json', other],
        ['manifest.json', JSON.stringify(manifests)],
      ]),
    );
    assert.ok('image' in reading);
    assert.deepEqual([reading.name, reading.others.map(({ name }) => name)], ['x:1', ['y:1']]);
  });

  it('that are none, or damaged, are told in a sentence', async () => {
    const whole = saved();
    const problem = async (content: Buffer) => {
      const reading = await read(content);
      return 'problem' in reading ? reading.problem : 'read';
    };
    assert.equal(await problem(Buffer.from('')), 'The file is empty.');
    assert.equal(await problem(Buffer.from('hello '.repeat(200))), 'The file is not a tar archive.');
    assert.equal(await problem(whole.subarray(0, 3000)), 'The archive ends too early.');
    assert.match(await problem(tar([['a', 'b']])), /no image in the archive/);
    assert.match(await problem(saved('other.json')), /no image in the archive/);
    assert.match(
      await problem(tar([['manifest.json', JSON.stringify([{ Config: 'gone', Layers: [] }])]])),
      /configuration of the image/,
    );
    assert.match(
      await problem(Buffer.concat([gzipSync(whole).subarray(0, 200), Buffer.from('rubbish')])),
      /damaged|too early|unexpected/,
    );
    assert.deepEqual(await readImageArchive(join(folder, 'gone.tar')), { problem: 'There is no such file.' });
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    assert.match(JSON.stringify(await readImageArchive(empty)), /no image in the archive/);
  });
});
