import assert from 'node:assert/strict';
import { checkPinnedImage } from '../../../server/src/engine/index.ts';
import { containerTerms } from './containerTerms.ts';

const image = checkPinnedImage(`ghcr.io/aquasecurity/trivy:0.74.0@sha256:${'5'.repeat(64)}`);

describe('the question whether Trivy may run in a container', () => {
  const terms = (settings: Parameters<typeof containerTerms>[1]): string => {
    assert.ok(image.ok);
    return containerTerms(image, settings, '/home/u/.cache/plimsoll/trivy');
  };

  it('tells what is pulled, what is mounted and what the network is for', () => {
    const text = terms({ engine: 'auto' });
    for (const expected of [
      /^Docker or Podman will run ghcr\.io\/aquasecurity\/trivy:0\.74\.0@sha256:5{64}\./,
      /pulled from ghcr\.io\./,
      /saved to a file.*read-only/,
      /\/home\/u\/\.cache\/plimsoll\/trivy/,
      /downloads its vulnerability database/,
      /no socket/,
    ]) {
      assert.match(text, expected);
    }
  });

  it('says what the settings make of it', () => {
    assert.match(terms({ engine: 'podman', offline: true }), /^Podman will .*must be on this machine[^]*no network/);
    assert.doesNotMatch(terms({ engine: 'docker', offline: true }), /pulled|downloads/);
    assert.match(terms({ engine: 'docker', skipDatabaseUpdate: true }), /keep it from renewing its database/);
  });
});
