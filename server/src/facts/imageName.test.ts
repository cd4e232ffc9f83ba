import assert from 'node:assert/strict';
import { canonicalRepository, knownTag } from './imageName.ts';
import { image } from '../../../test/helpers/imageName.ts';

describe('canonical repository', () => {
  const same: Readonly<Record<string, readonly string[]>> = {
    node: [
      'node',
      'library/node',
      'docker.io/node',
      'docker.io/library/node',
      'index.docker.io/library/node',
      'public.ecr.aws/docker/library/node',
      'mirror.gcr.io/library/node',
      'arm64v8/node',
      'NODE',
    ],
    'nginxinc/nginx-unprivileged': ['nginxinc/nginx-unprivileged', 'docker.io/nginxinc/nginx-unprivileged'],
    'amd64/unheard-of': ['amd64/unheard-of'],
    'ghcr.io/library/node': ['ghcr.io/library/node'],
    'localhost:5000/node': ['localhost:5000/node'],
    'registry.access.redhat.com/ubi9/ubi-minimal': [
      'registry.access.redhat.com/ubi9-minimal',
      'registry.access.redhat.com/ubi9/ubi-minimal',
      'registry.redhat.io/ubi9/ubi-minimal',
      'redhat/ubi9-minimal',
    ],
    'registry.access.redhat.com/ubi8/ubi': ['registry.access.redhat.com/ubi8', 'redhat/ubi8'],
    'public.ecr.aws/lambda/python': ['public.ecr.aws/lambda/python'],
  };
  for (const [canonical, names] of Object.entries(same)) {
    for (const name of names) {
      it(`${name} is ${canonical}`, () => assert.equal(canonicalRepository(image(name)), canonical));
    }
  }
});

describe('known tag', () => {
  it('is latest when nothing is written', () => assert.equal(knownTag(image('node')), 'latest'));
  it('is the written one beside a digest', () => assert.equal(knownTag(image('node:24@sha256:00')), '24'));
  it('is unknown for a bare digest', () => assert.equal(knownTag(image('node@sha256:00')), undefined));
  it('is unknown with a variable', () => assert.equal(knownTag(image('node:$VERSION')), undefined));
});
