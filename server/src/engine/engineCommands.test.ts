import assert from 'node:assert/strict';
import {
  buildCommand,
  masked,
  readBuildxVersion,
  readDockerVersions,
  readImages,
  readPodmanInfo,
  saveArguments,
} from './engineCommands.ts';
import type { BuildSource, EngineInfo } from './types.ts';

const source: BuildSource = {
  kind: 'build',
  dockerfile: '/w/shop/Dockerfile',
  context: '/w/shop',
  target: 'app',
  buildArgs: { VERSION: '1.2', TOKEN: 'a b' },
  tag: 'plimsoll-scan/shop:1',
};

const what = [
  ...['--tag', 'plimsoll-scan/shop:1', '--iidfile', '/t/id', '--file', '/w/shop/Dockerfile', '--target', 'app'],
  ...['--build-arg', 'VERSION=1.2', '--build-arg', 'TOKEN=a b', '/w/shop'],
];

function engine(builder: EngineInfo['builder'], more: Partial<EngineInfo> = {}): EngineInfo {
  return { kind: 'docker', path: '/d', clientVersion: '28', serverVersion: '28', builder, ...more };
}

const files = { id: '/t/id', metadata: '/t/metadata.json' };

describe('buildCommand', () => {
  it('speaks to every builder', () => {
    assert.deepEqual(buildCommand(engine('buildx', { progress: 'rawjson' }), source, files), {
      args: ['buildx', 'build', '--load', '--progress', 'rawjson', '--metadata-file', '/t/metadata.json', ...what],
      env: { BUILDX_METADATA_PROVENANCE: 'max' },
    });
    assert.deepEqual(buildCommand(engine('buildkit'), source, files), {
      args: ['build', '--progress', 'plain', ...what],
      env: { DOCKER_BUILDKIT: '1' },
    });
    assert.deepEqual(buildCommand(engine('legacy'), source, files).env, { DOCKER_BUILDKIT: '0' });
    assert.deepEqual(buildCommand(engine('buildah'), source, files, ['--isolation=chroot']).args, [
      ...['--log-level=debug', 'build', '--force-rm', '--isolation=chroot'],
      ...what,
    ]);
  });

  it('writes no value of a build argument into the log', () => {
    const text = masked(buildCommand(engine('legacy'), source, files).args);
    assert.doesNotMatch(text, /1\.2|a b/);
    assert.match(text, /--build-arg TOKEN=…/);
    assert.equal(masked(['a b', "it's"]), `'a b' 'it'\\''s'`);
  });

  it('saves an image in a form that Trivy reads', () => {
    assert.deepEqual(saveArguments('docker', 'x:1', '/t/f.tar'), [
      'image',
      'save',
      '--output',
      '/t/f.tar',
      '--',
      'x:1',
    ]);
    assert.ok(saveArguments('podman', 'x:1', '/t/f.tar').includes('docker-archive'));
    assert.deepEqual(saveArguments('docker', 'x:1'), ['image', 'save', '--', 'x:1']);
  });
});

describe('answers of engines', () => {
  const id = 'a'.repeat(64);
  const other = 'b'.repeat(64);

  it("reads docker's images, newest first, each once", () => {
    const line = (Id: string, RepoTags: string[] | null, Created: string) =>
      JSON.stringify({ Id, RepoTags, Created, Size: 5 });
    const images = readImages(
      [
        line(`sha256:${id}`, ['a:1', 'a:latest'], '2026-01-01T00:00:00Z'),
        line(`sha256:${other}`, null, '2026-02-01T00:00:00.123456789+01:00'),
        line(`sha256:${id}`, ['a:1'], '2026-01-01T00:00:00Z'),
        'garbage',
        '',
      ].join('\n'),
    );
    assert.deepEqual(
      images.map((image) => [image.id, image.tags]),
      [
        [`sha256:${other}`, []],
        [`sha256:${id}`, ['a:1', 'a:latest']],
      ],
    );
  });

  it("reads podman's images", () => {
    const [image] = readImages(
      JSON.stringify(
        [{ Id: id, Names: ['localhost/x:1', '<none>:<none>'], RepoTags: null, Created: 1795411841, Size: 7 }],
        null,
        2,
      ),
    );
    assert.deepEqual(image, {
      id: `sha256:${id}`,
      tags: ['localhost/x:1'],
      created: new Date('2026-11-23T05:30:41Z'),
      size: 7,
    });
    assert.deepEqual(readImages('[]'), []);
    assert.deepEqual(readImages(''), []);
  });

  it("reads docker's versions, and knows Podman behind its socket", () => {
    const version = (Server: unknown) => JSON.stringify({ Client: { Version: '28.2.2' }, Server });
    assert.equal(readDockerVersions(version(null)), undefined);
    assert.deepEqual(
      readDockerVersions(version({ Version: '20.10.24', Os: 'linux', Components: [{ Name: 'Engine' }] })),
      {
        client: '28.2.2',
        server: '20.10.24',
        isPodman: false,
        isWindows: false,
      },
    );
    assert.equal(
      readDockerVersions(version({ Version: '5', Components: [{ Name: 'Podman Engine' }] }))?.isPodman,
      true,
    );
  });

  it("reads podman's address only where it is on this machine", () => {
    const info = (remoteSocket: unknown, serviceIsRemote = false) =>
      readPodmanInfo(JSON.stringify({ host: { remoteSocket, serviceIsRemote }, version: { Version: '4.3.1' } }));
    assert.deepEqual(info({ path: '/run/podman/podman.sock' }), { version: '4.3.1' });
    assert.deepEqual(info({ path: 'unix:///run/p.sock', exists: true }), { version: '4.3.1', socket: '/run/p.sock' });
    assert.deepEqual(info({ path: '/run/p.sock', exists: true }, true), { version: '4.3.1' });
    assert.equal(readPodmanInfo('nonsense'), undefined);
  });

  it('reads the version of buildx', () => {
    assert.deepEqual(readBuildxVersion('github.com/docker/buildx v0.12.1 abc'), [0, 12]);
    assert.deepEqual(readBuildxVersion('github.com/docker/buildx 0.29.1+ds1 0.29.1+ds1-4'), [0, 29]);
    assert.equal(readBuildxVersion('docker: unknown command'), undefined);
  });
});
