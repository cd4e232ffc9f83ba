import assert from 'node:assert/strict';
import { buildFailure, engineCommandFailure } from './engineFailure.ts';
import type { ScanFailureKind } from './types.ts';

describe('engineCommandFailure', () => {
  const expected: readonly [string, ScanFailureKind][] = [
    [
      'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
      'engine-not-running',
    ],
    [
      'error during connect: this error may indicate that the docker daemon is not running: Get "http://%2F%2F.%2Fpipe%2Fdocker_engine/v1.24/version": open //./pipe/docker_engine: The system cannot find the file specified.',
      'engine-not-running',
    ],
    [
      'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.50/version": dial unix /var/run/docker.sock: connect: permission denied',
      'engine-no-permission',
    ],
    [
      'Failed to initialize: unable to resolve docker endpoint: context "gone": context not found: open /root/.docker/contexts/meta/2/meta.json: no such file or directory',
      'engine-wrong-context',
    ],
    [
      'error during connect: Get "http://docker.example.com/v1.50/version": command [ssh -o ConnectTimeout=30 -T -l nobody -p 9 -- 127.0.0.1 docker system dial-stdio] has exited with exit status 255, stderr=ssh: connect to host 127.0.0.1 port 9: Connection refused',
      'engine-wrong-context',
    ],
    [
      'Cannot connect to Podman. Please verify your connection to the Linux system using `podman system connection list`, or try `podman machine init` and `podman machine start`',
      'engine-not-running',
    ],
    ['Error response from daemon: No such image: x:1', 'no-image'],
    ['Error: inspecting object: x: image not known', 'no-image'],
    ['Error: write /var/lib/docker/tmp/x: no space left on device', 'disk-full'],
    ['Error: something else entirely', 'unknown'],
    ['', 'unknown'],
  ];
  for (const [stderr, kind] of expected) {
    it(`${kind}: ${stderr.slice(0, 60)}`, () => {
      const failure = engineCommandFailure(stderr.includes('odman') ? 'podman' : 'docker', 1, stderr);
      assert.equal(failure.kind, kind);
      assert.match(failure.nextStep, /\.$/);
    });
  }
});

describe('buildFailure', () => {
  const expected: readonly [string, string, ScanFailureKind, RegExp][] = [
    [
      'a step, BuildKit',
      '#4 [2/2] RUN make\n#4 0.05 dial tcp: connection refused\n#4 ERROR: process "/bin/sh -c make" did not complete successfully: exit code: 2\nERROR: failed to build: failed to solve: process "/bin/sh -c make" did not complete successfully: exit code: 2',
      'build-failed',
      /^The build failed: process "\/bin\/sh -c make" did not complete/,
    ],
    [
      'a step, legacy',
      "Step 2/2 : RUN make\n ---> Running in 1\nError response from daemon: pull access denied\nThe command '/bin/sh -c make' returned a non-zero code: 2",
      'build-failed',
      /./,
    ],
    [
      'a step, buildah',
      'STEP 2/2: RUN false\nsubprocess exited with status 1\nError: building at STEP "RUN false": exit status 1',
      'build-failed',
      /building at STEP "RUN false": exit status 1/,
    ],
    [
      'a step on a full disk',
      '#4 ERROR: process "/bin/sh -c make" did not complete successfully: exit code: 1\n#4 0.1 write: No space left on device',
      'disk-full',
      /full/,
    ],
    [
      'legacy parser',
      'Error response from daemon: dockerfile parse error line 2: unknown instruction: SET',
      'dockerfile-invalid',
      /line 2: unknown instruction: SET/,
    ],
    [
      'BuildKit parser',
      'ERROR: failed to build: failed to solve: rpc error: code = Unknown desc = failed to solve with frontend dockerfile.v0: failed to create LLB definition: dockerfile parse error line 2: unknown instruction: SET',
      'dockerfile-invalid',
      /unknown instruction: SET/,
    ],
    [
      'buildah parser',
      'Error: building at STEP "SET ": Build error: Unknown instruction: "SET"',
      'dockerfile-invalid',
      /SET/,
    ],
    [
      'no stage, legacy',
      'Error response from daemon: failed to reach build target nope in Dockerfile',
      'dockerfile-invalid',
      /nope/,
    ],
    [
      'no stage, buildah',
      'Error: The target "nope" was not found in the provided Dockerfile',
      'dockerfile-invalid',
      /nope/,
    ],
    ['no context', 'unable to prepare context: path "/nowhere" not found', 'context-unreadable', /nowhere/],
    [
      'no Dockerfile, buildah',
      'Error: stat /w/Dockerfile: no such file or directory',
      'context-unreadable',
      /\/w\/Dockerfile/,
    ],
    [
      'no registry',
      '#3 ERROR: failed to do request: Head "https://registry-1.docker.io/v2/library/nothere/manifests/1": dial tcp: lookup registry-1.docker.io: no such host\nfailed to solve with frontend dockerfile.v0: failed to create LLB definition: failed to do request: Head "https://registry-1.docker.io/": dial tcp: no such host',
      'registry-unreachable',
      /base image/,
    ],
    [
      'short name',
      'Error: creating build container: short-name "nothere:1" did not resolve to an alias and no unqualified-search registries are defined',
      'registry-unreachable',
      /nothere:1/,
    ],
    [
      'no access',
      'ERROR: failed to solve: x/y: failed to resolve source metadata for docker.io/x/y:latest: pull access denied, repository does not exist',
      'registry-auth',
      /pull access denied/,
    ],
    [
      'no buildx',
      'ERROR: BuildKit is enabled but the buildx component is missing or broken.',
      'engine-no-builder',
      /buildx/,
    ],
    [
      'daemon gone',
      'ERROR: Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?',
      'engine-not-running',
      /not running/,
    ],
    ['nothing said', '', 'build-failed', /code 1/],
  ];
  for (const [name, output, kind, message] of expected) {
    it(name, () => {
      const failure = buildFailure('docker', 1, output);
      assert.equal(failure.kind, kind, failure.message);
      assert.match(failure.message, message);
    });
  }
});
