import assert from 'node:assert/strict';
import { attributeLayers, entriesOfRows, readImageFacts, readProvenance } from '../../server/src/attribution/index.ts';
import { buildModel } from '../../server/src/model/dockerfile.ts';
import { cpuTime } from '../helpers/cpuTime.ts';
import { base, type Entry, imageOf, linesOf } from './images.ts';

function layersOf(entries: readonly Entry[], text: string, others: Parameters<typeof imageOf>[1] = {}) {
  return attributeLayers(imageOf(entries, others), buildModel(text));
}

function told(entries: readonly Entry[], text: string, others: Parameters<typeof imageOf>[1] = {}): string[] {
  return layersOf(entries, text, others).layers.map((layer) => {
    const lines = linesOf(layer).map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`));
    return `${layer.kind} ${lines.join(',')} ${layer.confidence}`;
  });
}

describe('attribution of unusual images', () => {
  it('gives up lines when the history names another number of layers', () => {
    const image = imageOf([...base, '/bin/sh -c make', '/bin/sh -c make install']);
    const short = { ...image, diffIds: image.diffIds.slice(0, -1) };
    const { match, layers } = attributeLayers(short, buildModel('FROM x\nRUN make\nRUN make install\n'));
    assert.ok(match.matches);
    assert.match(match.notes.join(), /names 3 layers, but it has 2/);
    assert.ok(layers.every((layer) => linesOf(layer).length === 0 && layer.confidence === 'unknown'));
  });

  it('still knows the base image then, when its layers are at hand', () => {
    const image = imageOf([...base, '/bin/sh -c make']);
    const more = { ...image, diffIds: [...image.diffIds, 'sha256:more'] };
    const { layers } = attributeLayers(more, buildModel('FROM x\nRUN make\n'), {
      baseDiffIds: image.diffIds.slice(0, 1),
    });
    assert.deepEqual(
      layers.map(({ kind, confidence }) => `${kind} ${confidence}`),
      ['base matched', 'own unknown', 'own unknown'],
    );
  });

  it('says nothing about an image without history, without layers, or of garbage', () => {
    const dockerfile = buildModel('FROM x\nRUN make\n');
    for (const value of [
      { rootfs: { diff_ids: ['sha256:1'] } },
      { rootfs: { diff_ids: 'x' }, history: 7 },
      {
        history: [null, 4, { created_by: {} }],
        rootfs: { diff_ids: ['sha256:1', 'sha256:2', 'sha256:3'] },
        config: [],
      },
      [],
      null,
      'text',
      { __proto__: null, config: { Labels: [1], Env: { a: 1 } } },
    ]) {
      const { match, layers } = attributeLayers(readImageFacts(value), dockerfile);
      assert.equal(match.matches, false);
      assert.ok(match.notes.length > 0);
      assert.ok(layers.every((layer) => linesOf(layer).length === 0));
    }
    for (const value of [
      undefined,
      {},
      [],
      { metadata: 3 },
      { metadata: { 'https://mobyproject.org/buildkit@v1#metadata': {} } },
    ]) {
      assert.equal(readProvenance(value), undefined);
    }
  });

  it('says so when there is no FROM or no such stage', () => {
    const image = imageOf(base);
    assert.deepEqual(attributeLayers(image, buildModel('')).match.notes, ['The Dockerfile has no FROM.']);
    const { match } = attributeLayers(image, buildModel('FROM x AS a\n'), { target: 'b' });
    assert.deepEqual(match.notes, ['The Dockerfile has no stage "b".']);
  });

  it('takes all of an image for the base when the Dockerfile adds nothing', () => {
    assert.deepEqual(told([...base, '/bin/sh -c x'], 'FROM x\n'), ['base 1 likely', 'base 1 likely']);
    assert.equal(layersOf(['/bin/sh -c x'], 'FROM scratch\n').match.matches, false);
  });

  it('reads what the classic builder and SHELL make of instructions', () => {
    const text =
      'FROM x\nARG V=1\nSHELL ["/usr/bin/env", "bash", "-c"]\nRUN make all\nRUN ["npm", "ci"]\nADD https://a.b/c /d\nCOPY a b/\n';
    const history = [
      ...base,
      { by: '/bin/sh -c #(nop)  ARG V=1', empty: true },
      { by: '/usr/bin/env bash -c #(nop)  SHELL [/usr/bin/env bash -c]', empty: true },
      '|1 V=1 /usr/bin/env bash -c make all',
      'npm ci',
      `/usr/bin/env bash -c #(nop) ADD ${'a'.repeat(64)} in /d `,
      `/usr/bin/env bash -c #(nop) COPY file:${'a'.repeat(64)} in b/ `,
    ];
    assert.deepEqual(told(history, text), [
      'base 1 matched',
      'own 4 matched',
      'own 5 matched',
      'own 6 matched',
      'own 7 matched',
    ]);
  });

  it('reads builders that write instructions as they are', () => {
    const text = 'FROM x\nWORKDIR /app\nCOPY package.json ./\nRUN npm ci\n';
    const history = [...base, { by: 'WORKDIR /app', empty: true }, 'COPY package.json ./', 'RUN npm ci'];
    assert.deepEqual(told(history, text), ['base 1 matched', 'own 3 matched', 'own 4 matched']);
  });

  it('misses nothing where only what leaves files is noted', () => {
    const text =
      'FROM x\nLABEL a=b\nENV A=1\nRUN one\nEXPOSE 80\nUSER u\nWORKDIR /w\nCOPY a /b\nENTRYPOINT ["x"]\nCMD ["y"]\n';
    assert.deepEqual(told([...base, 'RUN one', 'COPY a /b'], text), [
      'base 1 matched',
      'own 4 matched',
      'own 8 matched',
    ]);
    const other = layersOf([...base, 'RUN two', 'COPY c /d'], text);
    assert.equal(other.match.matches, false);
  });

  it("doesn't take a script that speaks of instructions for them", () => {
    const text = 'FROM x\nCOPY a /b\nRUN echo "#(nop) COPY file:1 in /b"\n';
    const history = [
      ...base,
      `/bin/sh -c #(nop) COPY file:${'1'.repeat(64)} in /b `,
      '/bin/sh -c echo "#(nop) COPY file:1 in /b"',
    ];
    assert.deepEqual(told(history, text), ['base 1 matched', 'own 2 matched', 'own 3 matched']);
  });

  it('collects what docker build --squash put into one layer', () => {
    const text = 'FROM x\nENV A=1\nRUN one\nCOPY a /a\nRUN two\nCMD ["x"]\n';
    const history = [
      ...base,
      { by: '/bin/sh -c #(nop)  ENV A=1', empty: true },
      { by: '/bin/sh -c one', empty: true },
      { by: `/bin/sh -c #(nop) COPY file:${'1'.repeat(64)} in /a `, empty: true },
      { by: '/bin/sh -c two', empty: true },
      { by: '/bin/sh -c #(nop)  CMD ["x"]', empty: true },
      { by: '', comment: `merge sha256:${'1'.repeat(64)} to sha256:${'2'.repeat(64)}` },
    ];
    assert.deepEqual(told(history, text), ['base 1 matched', 'own 3,4,5 group']);
  });

  it('fits an ARG without a value, which podman leaves out of its list', () => {
    const history = [
      ...base,
      { by: '/bin/sh -c #(nop) ARG ', empty: true },
      { by: '/bin/sh -c #(nop) ARG B', empty: true },
      '/bin/sh -c one',
    ];
    const found = told(history, 'FROM x\nARG A\nARG B=1\nRUN one\n');
    assert.deepEqual(found, ['base 1 matched', 'own 4 matched']);
  });

  it('takes a single layer for the base image when nothing was added to it', () => {
    const labels = { 'io.buildah.version': '1.28.2' };
    const history = [
      { by: '/bin/sh -c #(nop) LABEL a=b', empty: true },
      { by: '/bin/sh -c #(nop) CMD ["x"]', comment: 'FROM localhost/x:1' },
    ];
    assert.deepEqual(told(history, 'FROM x:1\nLABEL a=b\nCMD ["x"]\n', { labels }), ['base 1 likely']);
  });

  it('collects what has no sign of RUN, too', () => {
    const text = 'FROM x\nRUN ["touch", "/a"]\nRUN two\n';
    const merged = { by: '', comment: `merge sha256:${'1'.repeat(64)} to sha256:${'2'.repeat(64)}` };
    const history = [...base, { by: 'touch /a', empty: true }, { by: '/bin/sh -c two', empty: true }, merged];
    assert.deepEqual(told(history, text), ['base 1 matched', 'own 2,3 group']);
  });

  it('names no line by a history that contradicts the squashing', () => {
    const merged = { by: '', comment: `merge sha256:${'1'.repeat(64)} to sha256:${'2'.repeat(64)}` };
    const history = [...base, '/bin/sh -c one', { by: '/bin/sh -c two', empty: true }, merged];
    const { match, layers } = layersOf(history, 'FROM x\nRUN one\nRUN two\n');
    assert.match(match.notes.join(), /squashed/);
    assert.ok(layers.every((layer) => linesOf(layer).length === 0));
    const rows = [
      { createdBy: '/bin/sh -c one', size: 0 },
      { createdBy: '', comment: merged.comment, size: 3 },
    ];
    assert.deepEqual(entriesOfRows(rows, 1), []);
  });

  it('compares all ports of EXPOSE, in the form and order of each builder', () => {
    const text = 'FROM x\nRUN one\nEXPOSE 8080 443/tcp 7000-7002\n';
    for (const ports of [
      '[443/tcp 7000/tcp 7001/tcp 7002/tcp 8080/tcp]',
      '443/tcp 7000-7002 8080',
      'map[443/tcp:{} 7000/tcp:{} 7001/tcp:{} 7002/tcp:{} 8080/tcp:{}]',
    ]) {
      const history = [...base, '/bin/sh -c one', { by: `EXPOSE ${ports}`, empty: true }];
      assert.equal(layersOf(history, text).match.quality, 1, ports);
    }
    const other = [...base, '/bin/sh -c one', { by: 'EXPOSE [80/tcp]', empty: true }];
    assert.ok(layersOf(other, text).match.quality < 0.5);
  });

  it('doubts a group that holds more than the Dockerfile has', () => {
    const history = [
      ...base,
      { by: '/bin/sh -c one', empty: true },
      { by: '/bin/sh -c gone since', empty: true },
      { by: '/bin/sh -c two', empty: true },
      { by: '', comment: `merge sha256:${'1'.repeat(64)} to sha256:${'2'.repeat(64)}` },
    ];
    assert.deepEqual(told(history, 'FROM x\nRUN one\nRUN two\n'), ['base 1 likely', 'own 2,3 unknown']);
  });

  it('is not misled by the label that a base image made by buildah hands down', () => {
    const labels = { 'io.buildah.version': '1.43.2' };
    const history = [
      ...base,
      { by: 'RUN /bin/sh -c one # buildkit', comment: 'buildkit.dockerfile.v0' },
      { by: 'ENV A=1', comment: 'buildkit.dockerfile.v0', empty: true },
      { by: 'RUN /bin/sh -c two # buildkit', comment: 'buildkit.dockerfile.v0' },
    ];
    const text = 'FROM x\nRUN one\nENV A=1\nRUN two\n';
    assert.deepEqual(told(history, text, { labels }), ['base 1 matched', 'own 2 matched', 'own 4 matched']);
  });

  it('knows the triggers that the base image announces', () => {
    const history = [
      ...base,
      { by: '/bin/sh -c #(nop)  ONBUILD COPY a.txt /onbuild/a.txt', empty: true },
      { by: '/bin/sh -c #(nop)  ONBUILD RUN make', empty: true },
      '/bin/sh -c echo parent',
      `/bin/sh -c #(nop) COPY file:${'1'.repeat(64)} in /onbuild/a.txt `,
      '/bin/sh -c make',
      '/bin/sh -c echo child',
    ];
    assert.deepEqual(told(history, 'FROM x\nRUN echo child\n'), [
      'base 1 matched',
      'base 1 likely',
      'onbuild 1 likely',
      'onbuild 1 likely',
      'own 2 matched',
    ]);
  });

  it('counts the work of triggers to a layer that holds it', () => {
    const history = [
      ...base,
      { by: '/bin/sh -c #(nop) ONBUILD RUN make', empty: true },
      '/bin/sh -c echo parent',
      { by: '/bin/sh -c make', empty: true },
      { by: '/bin/sh -c echo child', comment: 'FROM localhost/x:1' },
    ];
    const labels = { 'io.buildah.version': '1.28.2' };
    const found = told(history, 'FROM x:1\nRUN echo child\n', { labels });
    assert.deepEqual(found, ['base 1 matched', 'base 1 matched', 'own 1,2 group']);
  });

  it('ties triggers of a stage of the same file to their ONBUILD', () => {
    const text = 'FROM x AS parent\nONBUILD RUN make\nRUN one\nFROM parent\nRUN two\n';
    const history = [
      ...base,
      { by: '/bin/sh -c #(nop)  ONBUILD RUN make', empty: true },
      '/bin/sh -c one',
      '/bin/sh -c make',
      '/bin/sh -c two',
    ];
    assert.deepEqual(told(history, text), ['base 1 matched', 'own 3 matched', 'onbuild 2 matched', 'own 5 matched']);
  });

  it('fits instructions whose variables are not known', () => {
    const text = 'FROM x\nARG DIR\nCOPY a ${DIR}/a\nWORKDIR ${DIR}\nRUN make\n';
    const history = [
      ...base,
      { by: 'ARG DIR=/srv', comment: 'buildkit.dockerfile.v0', empty: true },
      'COPY a /srv/a # buildkit',
      { by: 'WORKDIR /srv', comment: 'buildkit.dockerfile.v0' },
      'RUN |1 DIR=/srv /bin/sh -c make # buildkit',
    ];
    assert.deepEqual(told(history, text), ['base 1 matched', 'own 3 matched', 'own 4 matched', 'own 5 matched']);
  });

  it('fits instructions that were built with other arguments, without being sure', () => {
    const text = 'FROM x\nARG V=1\nCOPY app-${V}.jar /srv/${V}/\nRUN one\nWORKDIR /srv/$V\nRUN two\n';
    const history = [
      ...base,
      { by: 'ARG V=2', comment: 'buildkit.dockerfile.v0', empty: true },
      'COPY app-2.jar /srv/2/ # buildkit',
      'RUN |1 V=2 /bin/sh -c one # buildkit',
      { by: 'WORKDIR /srv/2', comment: 'buildkit.dockerfile.v0' },
      'RUN |1 V=2 /bin/sh -c two # buildkit',
    ];
    const found = ['base 1 matched', 'own 3 likely', 'own 4 matched', 'own 5 likely', 'own 6 matched'];
    assert.deepEqual(told(history, text), found);
  });

  it('knows a command by its beginning when its text was cut', () => {
    const script = Array.from({ length: 3000 }, (_, index) => `echo ${index}`).join(' && ');
    const history = [...base, `/bin/sh -c ${script}`, '/bin/sh -c true'];
    assert.deepEqual(told(history, `FROM x\nRUN ${script}\nRUN true\n`), [
      'base 1 matched',
      'own 2 matched',
      'own 3 matched',
    ]);
  });

  it('says when the history was lost', () => {
    const { match } = layersOf([{ by: '', comment: 'Imported from -' }], 'FROM x\nRUN one\n');
    assert.deepEqual([match.matches, /names no instructions/.test(match.notes.join())], [false, true]);
  });

  it('reads heredocs with their tabs, quotes and several bodies', () => {
    const text = 'FROM x\nRUN <<-A cat && <<B cat\n\tone\n\tA\ntwo\nB\nRUN <<"E"\necho $x\nE\n';
    const history = [
      ...base,
      'RUN /bin/sh -c <<-A cat && <<B cat\n\tone\n\tA\ntwo\nB # buildkit',
      'RUN /bin/sh -c echo $x\n # buildkit',
    ];
    assert.deepEqual(told(history, text), ['base 1 matched', 'own 2-6 matched', 'own 7-9 matched']);
  });

  it('names no line for Windows entries that it does not find in the Dockerfile', () => {
    const history = [
      'Apply image 10.0.20348.1',
      'Install update 10.0.20348.2',
      'cmd /S /C #(nop) COPY dir:1 in C:\\app',
      'powershell -Command $ErrorActionPreference = "Stop"; Invoke-Something',
    ];
    const { match, layers } = layersOf(history, 'FROM x\nRUN apt-get update && apt-get install -y curl\nCOPY . /srv\n');
    assert.equal(match.matches, false);
    assert.ok(layers.every((layer) => linesOf(layer).length === 0));
    const found = told([...history.slice(0, 2), 'cmd /S /C dir'], 'FROM x\nRUN dir\n');
    assert.deepEqual(found, ['base 1 matched', 'base 1 matched', 'own 2 matched']);
  });

  it('needs more than texts that are alike', () => {
    const dockerfile =
      'FROM x\nRUN apt-get update && apt-get install -y procps smbclient && rm -rf /var/lib/apt/lists/*\n';
    const other = '/bin/sh -c apt-get update && apt-get install -y git && make && rm -rf /var/lib/apt/lists/*';
    assert.equal(layersOf([...base, '/bin/sh -c one', other], dockerfile).match.matches, false);
    const edited = '/bin/sh -c apt-get update && apt-get install -y procps && rm -rf /var/lib/apt/lists/*';
    assert.deepEqual(told([...base, edited], dockerfile), ['base 1 likely', 'own 2 likely']);
  });

  it('tells which stage was built when nobody says so', () => {
    const text = 'FROM x AS a\nRUN one\nRUN two\nFROM y AS b\nRUN three\nRUN four\nRUN five\n';
    const { match, stage } = layersOf([...base, '/bin/sh -c one', '/bin/sh -c two'], text);
    assert.ok(match.matches);
    assert.equal(stage?.name, 'a');
  });

  it('reads marks of empty entries off the instructions when they are wrong or missing', () => {
    const text = 'FROM x\nENV A=1\nRUN one\nCOPY a /a\nCMD ["x"]\n';
    const history = (marks: readonly boolean[]) =>
      ['ENV A=1', 'RUN /bin/sh -c one # buildkit', 'COPY a /a # buildkit', 'CMD ["x"]'].map((by, index) => ({
        by,
        comment: 'buildkit.dockerfile.v0',
        empty: marks[index]!,
      }));
    const right = imageOf([...base, ...history([true, false, false, true])]);
    for (const marks of [
      [false, true, false, true],
      [false, false, true, true],
    ]) {
      const { layers, match } = attributeLayers(imageOf([...base, ...history(marks)]), buildModel(text));
      assert.deepEqual([linesOf(layers[1]), linesOf(layers[2])], [[[3, 3]], [[4, 4]]]);
      assert.ok(layers.every(({ confidence }) => confidence === 'likely'));
      assert.match(match.notes.join(), /marks wrong entries/);
    }
    const unmarked = { ...right, history: right.history.map((entry) => ({ ...entry, emptyLayer: false })) };
    assert.deepEqual(linesOf(attributeLayers(unmarked, buildModel(text)).layers[2]), [[4, 4]]);
    // Two layers more than it has marks for: one may be from elsewhere.
    const more = { ...right, diffIds: [...right.diffIds, 'sha256:x'] };
    assert.match(attributeLayers(more, buildModel(text)).match.notes.join(), /names 3 layers, but it has 4/);
  });

  it('names no line when buildah gives a layer to what only configures, in the middle of a stage', () => {
    const text = 'FROM x\nRUN one\nENV A=1\nRUN two\n';
    const labels = { 'io.buildah.version': '1.43.2' };
    const history = [
      ...base,
      { by: '/bin/sh -c one', empty: true },
      '/bin/sh -c #(nop) ENV A=1',
      { by: '/bin/sh -c two', empty: true },
    ];
    const { layers, match } = layersOf(history, text, { labels });
    assert.match(match.notes.join(), /marks wrong entries as layers; no line can be named/);
    assert.ok(layers.every((layer) => linesOf(layer).length === 0));
  });

  it('is not sure which of several instructions that read the same are left', () => {
    const history = [...base, '/bin/sh -c date', 'COPY a /a # buildkit', '/bin/sh -c date', '/bin/sh -c date'];
    // The COPY and one of the others were deleted.
    assert.deepEqual(told(history, 'FROM x\nRUN date\nRUN date\n').slice(2), [
      'base 1 likely',
      'own 2 likely',
      'own 3 likely',
    ]);
    assert.deepEqual(told([...base, ...history], 'FROM x\nRUN date\nCOPY a /a\nRUN date\nRUN date\n').slice(-2), [
      'own 4 matched',
      'own 5 matched',
    ]);
  });

  it("does not take buildah's note in the base image's own history for one of this build", () => {
    const parent = [
      { by: '/bin/sh -c #(nop) ADD file:1 in /', comment: 'imported from tarball' },
      { by: '/bin/sh -c make', comment: 'FROM localhost/older:1' },
      '/bin/sh -c make install',
      { by: '/bin/sh -c #(nop) CMD ["x"]', empty: true },
    ];
    const byBuildKit = { by: 'RUN /bin/sh -c one # buildkit', comment: 'buildkit.dockerfile.v0' };
    const all = ['base 1 matched', 'base 1 matched', 'base 1 matched', 'own 2 matched'];
    assert.deepEqual(told([...parent, byBuildKit], 'FROM x:1\nRUN one\n'), all);
    assert.deepEqual(told([...parent, '/bin/sh -c one'], 'FROM x:1\nRUN one\n'), all);
    // FROM may have had another value when it was built.
    const open = told([...parent, '/bin/sh -c one'], 'ARG X=x\nFROM $X\nRUN one\n');
    assert.deepEqual(open.slice(0, 2), ['base 2 matched', 'own  unknown']);
    assert.deepEqual(
      told(parent, 'FROM x:1\n').map((each) => each.replace(/ \w+$/, '')),
      ['base 1', 'base 1', 'base 1'],
    );
  });

  it('takes one layer under the last instruction of each stage for all that the stage does', () => {
    const text = 'FROM x AS a\nRUN one\nENV A=1\nFROM a\nCOPY a /a\nRUN two\nCMD ["x"]\n';
    assert.deepEqual(told([...base, 'ENV A=1', 'CMD ["x"]'], text), [
      'base 1 matched',
      'own 2 likely',
      'own 5,6 group',
    ]);
    const other = 'FROM x\nRUN other\nRUN thing\nRUN two\n';
    assert.equal(layersOf([...base, 'RUN one', 'COPY a /a', 'RUN two'], other).match.matches, false);
  });

  it('reads what crane flatten keeps of the history', () => {
    const kept = [
      { created_by: 'ADD rootfs.tar / # buildkit' },
      { created_by: 'RUN /bin/sh -c one # buildkit', comment: 'buildkit.dockerfile.v0' },
      { created_by: 'COPY a /a # buildkit', comment: 'buildkit.dockerfile.v0' },
    ];
    const history = [{ created_by: 'crane flatten sha256:1', comment: JSON.stringify(kept) }];
    const image = readImageFacts({ history, rootfs: { diff_ids: ['sha256:1'] } });
    const { layers, entries } = attributeLayers(image, buildModel('FROM x\nRUN one\nCOPY a /a\n'));
    assert.deepEqual(
      [layers.map(linesOf), layers[0]!.confidence, layers[0]!.flattened],
      [
        [
          [
            [2, 2],
            [3, 3],
          ],
        ],
        'group',
        true,
      ],
    );
    assert.deepEqual(entries, []);
    const damaged = { ...image, history: [{ ...image.history[0]!, comment: '[{' }] };
    assert.match(attributeLayers(damaged, buildModel('FROM x\nRUN one\n')).match.notes.join(), /names no instr/);
  });

  it('says so when the image is another stage than the one that was asked for', () => {
    const text = 'FROM x AS a\nRUN one\nRUN two\nFROM y AS b\nRUN three\nRUN four\n';
    const image = imageOf([...base, '/bin/sh -c one', '/bin/sh -c two']);
    const { match } = attributeLayers(image, buildModel(text), { target: 'b' });
    assert.deepEqual(match.notes, ['The image is not the stage "b" of this Dockerfile; it looks like "a".']);
  });

  it('gives up on histories too long to be compared', () => {
    const text = `FROM x\n${'RUN make\n'.repeat(2000)}`;
    const { match, layers } = layersOf(
      Array.from({ length: 2000 }, () => '/bin/sh -c make'),
      text,
    );
    assert.equal(match.matches, false);
    assert.ok(layers.every((layer) => linesOf(layer).length === 0));
  });

  it('takes no longer than it should on hostile texts', () => {
    const long = 'a '.repeat(10_000);
    const entries = [
      `|1 ${long}`,
      `/bin/sh ${'-c '.repeat(6000)}`,
      `${'x'.repeat(20_000)}sh`,
      `ENV ${'a='.repeat(9000)}`,
    ];
    const text = `FROM x\nRUN ${long}b\nRUN ${'sh -c '.repeat(3000)}\nCOPY ${'$A'.repeat(300)} ${'${B}/'.repeat(300)}\nENV ${'a=b '.repeat(2000)}\n`;
    const history = Array.from({ length: 40 }, (_, index) => entries[index % 4]!);
    const spent = cpuTime(() => layersOf(history, text));
    assert.ok(spent < 5000, `${spent} ms`);
  });
});
