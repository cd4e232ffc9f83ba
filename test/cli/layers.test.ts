import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../helpers/repositoryRoot.ts';
import { savedImage, tar } from '../helpers/tar.ts';
import { Folder, plimsoll } from './run.ts';

const images = join(repositoryRoot, 'test/fixtures/image-history');

interface LayersJson {
  readonly dockerfileMatches: boolean;
  readonly stage: string | null;
  readonly layers: readonly {
    index: number;
    size: number | null;
    lines: unknown;
    kind: string;
    confidence: string;
    stage: string | null;
  }[];
}

function layers(name: string, ...more: readonly string[]): LayersJson {
  const folder = join(images, name);
  const args = [
    '--config',
    join(folder, 'config.json'),
    '--dockerfile',
    join(folder, 'Dockerfile'),
    '--format',
    'json',
  ];
  const { stdout, stderr, code } = plimsoll(['layers', ...args, ...more]);
  assert.deepEqual([stderr, code], ['', 0]);
  return JSON.parse(stdout) as LayersJson;
}

describe('plimsoll layers', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = new Folder();
  });
  afterEach(() => folder.remove());

  it('ties the layers of a configuration to lines', () => {
    const { dockerfileMatches, stage, layers: found } = layers('d28-bk-shell');
    assert.equal(dockerfileMatches, true);
    assert.equal(stage, '1');
    assert.deepEqual(
      found.slice(3, 8).map(({ index, lines, kind, confidence }) => [index, lines, kind, confidence]),
      [
        [3, [[13, 13]], 'base', 'matched'],
        [4, [[19, 19]], 'own', 'matched'],
        [5, [[21, 21]], 'own', 'matched'],
        [6, [[22, 22]], 'copied', 'matched'],
        [7, [[23, 23]], 'copied', 'matched'],
      ],
    );
  });

  it('is exact with the record of the builder, whose build arguments and target it takes', () => {
    const record = join(images, 'd28c-bk-misc/provenance.json');
    const { layers: found } = layers('d28c-bk-misc', '--provenance', record);
    assert.ok(found.every(({ confidence }) => confidence === 'exact'));
    assert.deepEqual(found.at(-1)!.lines, [[16, 16]]);
  });

  it('takes build arguments and a target', () => {
    const built = layers(
      'd28-bk-args',
      '--build-arg',
      'FLAVOR=vanilla',
      '--build-arg',
      'HTTP_PROXY=http://127.0.0.1:9',
    );
    assert.ok(built.layers.every(({ confidence }) => confidence === 'matched'));
    assert.equal(layers('d20-legacy-misc', '--target', 'two').layers.at(-1)!.stage, 'two');
  });

  it('tells what later lines remove or replace of a saved image', () => {
    const dockerfile = folder.write('Dockerfile', 'FROM scratch\nCOPY a /\nRUN install\nRUN rm -r /cache\n');
    const image = savedImage(
      ['sha256:1', 'sha256:2', 'sha256:3'],
      [
        [['etc/conf', Buffer.alloc(300_000)]],
        [
          ['cache/big', Buffer.alloc(12_000_000)],
          ['cache/small', Buffer.alloc(10)],
          ['etc/conf', Buffer.alloc(7)],
        ],
        [['.wh.cache', '']],
      ],
      ['COPY a / # buildkit', 'RUN /bin/sh -c install # buildkit', 'RUN /bin/sh -c rm -r /cache # buildkit'],
    );
    const args = ['layers', '--input', folder.write('image.tar', image), '--dockerfile', dockerfile];
    const { layers: found } = JSON.parse(plimsoll([...args, '--format', 'json']).stdout);
    assert.deepEqual(
      found.map(({ wasted }: { wasted: number }) => wasted),
      [300_000, 12_000_010, 0],
    );
    assert.deepEqual(found[1].wastedBy, [
      {
        ...{ layer: 2, lines: [[4, 4]], bytes: 12_000_010, removed: 12_000_010, files: 2 },
        largest: [
          { path: '/cache/big', size: 12_000_000 },
          { path: '/cache/small', size: 10 },
        ],
      },
    ]);
    const { stdout } = plimsoll(args);
    assert.match(stdout, /^ +300 kB replaced by line 3: \/etc\/conf \(300 kB\)$/m);
    assert.match(stdout, /^ +12 MB removed by line 4: \/cache\/big \(12 MB\), \/cache\/small \(10 B\)$/m);
    assert.match(stdout, /^12 MB of 12 MB wasted: /m);
  });

  it('takes of several images in an archive the one that fits the Dockerfile and the target best', () => {
    const config = (last: string) => {
      const history = [
        { created_by: 'ADD rootfs.tar /' },
        ...['make', last].map((by) => ({ created_by: `RUN ${by}` })),
      ];
      return JSON.stringify({ history, rootfs: { diff_ids: ['sha256:0', 'sha256:1', `sha256:${last}`] } });
    };
    const manifest = ['check', 'install'].map((name) => ({ Config: name, RepoTags: [`x:${name}`], Layers: [] }));
    const archive = folder.write('images.tar', '');
    writeFileSync(
      archive,
      tar([
        ['check', config('check')],
        ['install', config('install')],
        ['manifest.json', JSON.stringify(manifest)],
      ]),
    );
    const text = 'FROM x AS built\nRUN make\nFROM built AS test\nRUN check\nFROM built AS final\nRUN install\n';
    const asked = (dockerfile: string, ...more: readonly string[]) =>
      plimsoll(['layers', '--input', archive, '--dockerfile', dockerfile, ...more]);
    const dockerfile = folder.write('Dockerfile', text);
    const final = asked(dockerfile);
    assert.match(final.stderr, /there are 2 images in it; this is x:install\.$/m);
    assert.match(final.stdout, /line 6, RUN$/m);
    const test = asked(dockerfile, '--target', 'test');
    assert.match(test.stderr, /this is x:check\.$/m);
    assert.match(test.stdout, /line 4, RUN$/m);
    const none = asked(folder.write('Other', 'FROM x\nRUN something else\n'));
    assert.match(none.stderr, /2 images in it, none of them built from this Dockerfile; this is x:check\.$/m);
  });

  it('says when an image was not built from the Dockerfile', () => {
    const dockerfile = folder.write('Dockerfile', 'FROM x\nRUN something else\n');
    const config = join(images, 'd20-bk-dup/config.json');
    const json = plimsoll(['layers', '--config', config, '--dockerfile', dockerfile, '--format', 'json']);
    const { dockerfileMatches, layers: found } = JSON.parse(json.stdout) as LayersJson;
    assert.equal(dockerfileMatches, false);
    assert.ok(
      found.every(
        ({ lines, confidence, stage }) => JSON.stringify(lines) === '[]' && confidence === 'unknown' && stage === null,
      ),
    );
    assert.match(
      plimsoll(['layers', '--config', config, '--dockerfile', dockerfile]).stdout,
      /was not built from this Dockerfile\./,
    );
  });

  it('writes a table for people', () => {
    const at = join(images, 'buildah143-shell');
    const { stdout } = plimsoll(['layers', '--config', join(at, 'config.json'), '-f', join(at, 'Dockerfile')]);
    assert.match(stdout, /^0 {2}– {2}base image, line 13, FROM$/m);
    assert.match(
      stdout,
      /^4 {2}– {2}lines 21, 22, 23, 24, 25, 26, RUN and COPY and ADD \(one of these, or several together\)$/m,
    );
  });

  it('refuses what makes no sense, with a hint', () => {
    const dockerfile = folder.write('Dockerfile', 'FROM x\n');
    const rubbish = folder.write('rubbish.json', 'rubbish');
    const cases: readonly (readonly [string[], RegExp])[] = [
      [['x'], /--dockerfile is missing/],
      [['--dockerfile', dockerfile], /Name one image/],
      [['x', '--input', 'y', '--dockerfile', dockerfile], /Name one image/],
      [['x', '--inspect', 'y', '--dockerfile', dockerfile], /--inspect goes with --config/],
      [['--config', rubbish, '--dockerfile', dockerfile], /it is not JSON/],
      [['--config', 'gone.json', '--dockerfile', dockerfile], /gone\.json/],
      [['--config', rubbish, '--dockerfile', 'gone'], /--dockerfile gone/],
      [['--dockerfile', dockerfile, '--', '--privileged'], /begins with a letter or a digit/],
      [['a;rm -rf /', '--dockerfile', dockerfile], /has no blanks/],
      [['x', '--dockerfile', dockerfile, '--engine', 'other'], /--engine other/],
      [['x', '--dockerfile', dockerfile, '--build-arg', '=1'], /NAME=VALUE/],
    ];
    for (const [args, expected] of cases) {
      const { code, stderr, stdout } = plimsoll(['layers', ...args]);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, expected);
    }
    const { code, stderr } = plimsoll(['layers', '--input', rubbish, '--dockerfile', dockerfile]);
    assert.equal(code, 2);
    assert.match(stderr, /rubbish\.json: The (?:file is not a tar archive|archive ends too early)/);
  });
});
