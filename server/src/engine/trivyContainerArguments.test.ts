import assert from 'node:assert/strict';
import {
  checkPinnedImage,
  type ContainerTask,
  containerUser,
  createArguments,
  passedEnvironment,
} from './trivyContainerArguments.ts';

const digest = `sha256:${'5'.repeat(64)}`;

describe('checkPinnedImage', () => {
  it('takes a name with its digest, and tells where it is pulled from', () => {
    const cases: readonly (readonly [string, string, string])[] = [
      [`ghcr.io/aquasecurity/trivy@${digest}`, `ghcr.io/aquasecurity/trivy@${digest}`, 'ghcr.io'],
      [` ghcr.io/aquasecurity/trivy:0.74.0@${digest}\n`, `ghcr.io/aquasecurity/trivy@${digest}`, 'ghcr.io'],
      [`aquasec/trivy:0.74.0@${digest}`, `docker.io/aquasec/trivy@${digest}`, 'docker.io'],
      [`trivy@${digest}`, `docker.io/library/trivy@${digest}`, 'docker.io'],
      [`localhost/trivy@${digest}`, `localhost/trivy@${digest}`, 'localhost'],
      [`mirror:5000/a/b/trivy:1@${digest}`, `mirror:5000/a/b/trivy@${digest}`, 'mirror:5000'],
    ];
    for (const [text, reference, registry] of cases) {
      const image = checkPinnedImage(text);
      assert.ok(image.ok, text);
      assert.deepEqual([image.name, image.reference, image.registry], [text.trim(), reference, registry]);
    }
    const image = checkPinnedImage(`aquasec/trivy:0.69.5@${digest}`);
    assert.ok(image.ok && image.tag === '0.69.5');
  });

  it('refuses what may be another image tomorrow, and what is none', () => {
    const cases: readonly (readonly [string, RegExp])[] = [
      ['', /Enter the name/],
      ['aquasec/trivy', /digest is needed/],
      ['aquasec/trivy:latest', /digest is needed/],
      ['mirror:5000/trivy', /digest is needed/],
      [digest, /digest is needed/],
      ['5'.repeat(64), /digest is needed/],
      [`aquasec/trivy@sha256:${'5'.repeat(63)}`, /64 hexadecimal/],
      [`aquasec/trivy@sha256:${'A'.repeat(64)}`, /lower case/],
      [`aquasec/trivy@sha512:${'5'.repeat(128)}`, /64 hexadecimal/],
      [`--privileged@${digest}`, /begins with a letter/],
      [`a b@${digest}`, /blanks/],
      [`https://ghcr.io/x@${digest}`, /without a scheme/],
    ];
    for (const [text, expected] of cases) {
      const image = checkPinnedImage(text);
      assert.ok(!image.ok, text);
      assert.match(image.message, expected);
    }
  });
});

describe('containerUser', () => {
  const user = { uid: 1000, gid: 1001 };
  const docker = (...options: string[]) => JSON.stringify({ SecurityOptions: options });
  const podman = (rootless: boolean, serviceIsRemote = false) =>
    JSON.stringify({ host: { security: { rootless }, serviceIsRemote } });

  it('is the one who scans', () => {
    assert.deepEqual(containerUser('docker', docker('name=seccomp,profile=default'), user), { kind: 'same', ...user });
    assert.deepEqual(containerUser('podman', podman(false), user), { kind: 'same', ...user });
    assert.deepEqual(containerUser('docker', 'nonsense', user), { kind: 'same', ...user });
  });

  it('is mapped by engines without root', () => {
    assert.deepEqual(containerUser('docker', docker('name=seccomp', 'name=rootless'), user), { kind: 'mapped' });
    assert.deepEqual(containerUser('podman', podman(true), user), { kind: 'mapped' });
  });

  it('is that of the image where users have no numbers, or other ones', () => {
    assert.deepEqual(containerUser('docker', docker(), undefined), { kind: 'image' });
    assert.deepEqual(containerUser('podman', podman(true, true), user), { kind: 'image' });
  });
});

describe('createArguments', () => {
  const task: ContainerTask = {
    name: 'plimsoll-trivy-1',
    image: `x@${digest}`,
    command: ['image', '--input', '/plimsoll/image'],
    mounts: [
      { source: '/c', target: '/plimsoll/cache', isWritable: true },
      { source: '/t', target: '/tmp', isWritable: true },
      { source: '/a/har,bour "1".tar', target: '/plimsoll/image', isWritable: false },
    ],
    network: false,
    environment: ['TRIVY_TOKEN'],
    user: { kind: 'same', uid: 1000, gid: 1001 },
  };

  it('gives the container nothing that it does not need', () => {
    assert.deepEqual(createArguments('docker', task), [
      ...['container', 'create', '--rm', '--name', 'plimsoll-trivy-1', '--pull=never', '--network=none', '--read-only'],
      ...['--cap-drop=ALL', '--security-opt=no-new-privileges', '--security-opt=label=disable', '--log-driver=none'],
      ...['--user=1000:1001', '--workdir=/tmp'],
      ...['--mount=type=bind,source=/c,target=/plimsoll/cache', '--mount=type=bind,source=/t,target=/tmp'],
      '--mount=type=bind,"source=/a/har,bour ""1"".tar",target=/plimsoll/image,readonly',
      ...['--env', 'TRIVY_TOKEN', '--env', 'HOME=/tmp', '--env', 'TMPDIR=/tmp'],
      ...[`x@${digest}`, 'image', '--input', '/plimsoll/image'],
    ]);
  });

  it('has network only when asked to, and the user that fits the engine', () => {
    const made = (engine: 'docker' | 'podman', more: Partial<ContainerTask>) =>
      createArguments(engine, { ...task, ...more }).join(' ');
    assert.doesNotMatch(made('docker', { network: true }), /--network/);
    assert.match(made('docker', { user: { kind: 'mapped' } }), /--user=0:0 /);
    assert.match(made('podman', { user: { kind: 'mapped' } }), /--userns=keep-id /);
    assert.doesNotMatch(made('podman', { user: { kind: 'image' } }), /--user/);
    assert.match(made('docker', { mounts: [] }), /--workdir=\/ /);
  });

  it('never hands the engine over', () => {
    assert.doesNotMatch(createArguments('docker', task).join(' '), /\.sock|privileged|--volume/);
  });
});

describe('passedEnvironment', () => {
  const env = {
    ...{ HTTPS_PROXY: 'http://p:1', no_proxy: 'x', TRIVY_TOKEN: 't', TRIVY_DB_REPOSITORY: 'r', TRIVY_EMPTY: '' },
    ...{ TRIVY_CACHE_DIR: '/c', TRIVY_IGNOREFILE: '/i', TRIVY_CONFIG: '/y', TRIVY_DOCKER_HOST: 'unix:///d' },
    ...{ TRIVY_OUTPUT: '/o', TRIVY_FORMAT: 'table', 'TRIVY_A B': 'x', HOME: '/h', AWS_SECRET_ACCESS_KEY: 's' },
  };

  it('passes on what means the same in the container', () => {
    assert.deepEqual(passedEnvironment(env, true), ['HTTPS_PROXY', 'TRIVY_DB_REPOSITORY', 'TRIVY_TOKEN', 'no_proxy']);
    assert.deepEqual(passedEnvironment(env, false), ['TRIVY_DB_REPOSITORY', 'TRIVY_TOKEN']);
  });
});
