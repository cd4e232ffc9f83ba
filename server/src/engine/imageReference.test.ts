import assert from 'node:assert/strict';
import { checkImageReference, scanTag } from './imageReference.ts';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

describe('checkImageReference', () => {
  it('accepts names, tags, digests and ids', () => {
    const good = [
      'node',
      'node:24-slim',
      'library/node:24',
      'a/b/c/d:v1',
      'localhost/app:latest',
      'localhost:5000/app',
      'ghcr.io/aquasecurity/trivy-test-images:alpine-310',
      '127.0.0.1:5000/x:Tag_With.CAPS-1',
      '[::1]:5000/x',
      'a__b/c--d/e.f_g',
      `node@${digest}`,
      `node:24@${digest}`,
      digest,
      digest.slice(7),
      '  node:24 ',
    ];
    for (const text of good) {
      const check = checkImageReference(text);
      assert.ok(check.ok, text);
      assert.equal(check.reference, text.trim());
    }
  });

  it('tells ids from names', () => {
    for (const [text, isId] of [
      [digest, true],
      [digest.slice(7), true],
      ['5ac716b05a9c', false],
      ['node', false],
    ] as const) {
      const check = checkImageReference(text);
      assert.equal(check.ok && check.isId, isId, text);
    }
  });

  it('refuses everything else, with a reason', () => {
    for (const [text, reason] of [
      ['', /Enter/],
      ['   ', /Enter/],
      ['-v', /begins with/],
      ['--input=/etc/passwd', /begins with/],
      ['node 24', /blanks/],
      ['node\n--output=x', /blanks/],
      ['https://hub.docker.com/_/node', /scheme/],
      ['Node', /lower case/],
      ['ghcr.io/Acme/App:V1', /lower case/],
      ['node:', /not the name/],
      ['node:-x', /not the name/],
      ['node@sha256:12', /not the name/],
      ['$(id)', /not the name/],
      ['a;b', /not the name/],
      ['a/../b', /not the name/],
      ['/abs/path', /not the name/],
      ['ünï', /not the name/],
      ['a'.repeat(256), /at most/],
      ['a'.repeat(1_000_000), /not the name/],
      [`${'a-'.repeat(500)}!`, /not the name/],
    ] as const) {
      const check = checkImageReference(text);
      assert.ok(!check.ok, text.slice(0, 50));
      assert.match(check.message, reason, text.slice(0, 50));
    }
  });
});

describe('scanTag', () => {
  it('names the image after the folder and the file', () => {
    assert.match(scanTag('/home/me/My Shop/Dockerfile'), /^plimsoll-scan\/my-shop:[0-9a-f]{8}$/);
    assert.match(scanTag('/home/me/shop/Dockerfile.dev'), /^plimsoll-scan\/shop-dev:/);
    assert.match(scanTag('C:\\work\\shop\\Containerfile'), /^plimsoll-scan\/shop:/);
    assert.match(scanTag('/Dockerfile'), /^plimsoll-scan\/image:/);
  });

  it('is stable, differs between equal folder names, and always a valid name', () => {
    assert.equal(scanTag('/a/shop/Dockerfile'), scanTag('/a/shop/Dockerfile'));
    assert.notEqual(scanTag('/a/shop/Dockerfile'), scanTag('/b/shop/Dockerfile'));
    for (const path of ['/Ä Ö/Dockerfile', '/-x-/Dockerfile.-', '/...///', '', `/${'é!'.repeat(400)}/Dockerfile`]) {
      assert.ok(checkImageReference(scanTag(path)).ok, path);
    }
  });
});
