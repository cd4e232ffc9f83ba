import assert from 'node:assert/strict';
import { type TrivyInput, trivyImageArguments } from './trivyArguments.ts';
import type { ScanSettings } from './types.ts';

const settings: ScanSettings = { engine: 'auto', timeoutMinutes: 10 };
const archive: TrivyInput = { kind: 'archive', path: '/tmp/image.tar' };

function argumentsFor(input: TrivyInput, more: Partial<ScanSettings> = {}, version = '0.74.0'): readonly string[] {
  return trivyImageArguments(input, { ...settings, ...more }, version).args;
}

describe('trivyImageArguments', () => {
  it('scans an image of an engine', () => {
    assert.deepEqual(argumentsFor({ kind: 'engine', engine: 'docker', reference: 'shop:1' }), [
      ...['image', '--format', 'json', '--output=', '--exit-code=0', '--exit-on-eol=0', '--input='],
      ...['--no-progress', '--list-all-pkgs=false'],
      ...[
        '--timeout',
        '10m',
        '--skip-version-check',
        '--disable-telemetry',
        '--show-suppressed',
        '--image-src',
        'docker',
        'shop:1',
      ],
    ]);
  });

  it('names the source, so that a typo does not become a request to a registry', () => {
    const podman = argumentsFor({ kind: 'engine', engine: 'podman', host: '/run/podman/podman.sock', reference: 'x' });
    assert.deepEqual(podman.slice(-5), ['--image-src', 'podman', '--podman-host', '/run/podman/podman.sock', 'x']);
    const docker = argumentsFor({ kind: 'engine', engine: 'docker', host: 'unix:///tmp/d.sock', reference: 'x' });
    assert.deepEqual(docker.slice(-5), ['--image-src', 'docker', '--docker-host', 'unix:///tmp/d.sock', 'x']);
    assert.deepEqual(argumentsFor({ kind: 'registry', reference: 'x:1' }).slice(-3), ['--image-src', 'remote', 'x:1']);
  });

  it('lets no configuration file send the report elsewhere or name another image', () => {
    const args = argumentsFor({ kind: 'registry', reference: 'x:1' });
    for (const option of ['--output=', '--input=', '--exit-code=0', '--exit-on-eol=0'])
      assert.ok(args.includes(option));
    assert.ok(!argumentsFor(archive).includes('--input='));
  });

  it('scans a file', () => {
    assert.deepEqual(argumentsFor(archive).slice(-2), ['--input', '/tmp/image.tar']);
  });

  it('leaves out options that an older Trivy does not know', () => {
    assert.ok(!argumentsFor(archive, {}, '0.62.1').includes('--disable-telemetry'));
    assert.ok(argumentsFor(archive, {}, '0.63.0').includes('--disable-telemetry'));
    assert.ok(!argumentsFor(archive, {}, '0.39.1').includes('--exit-on-eol=0'));
    assert.ok(argumentsFor(archive, {}, 'dev').includes('--disable-telemetry'));
  });

  it('passes settings on', () => {
    const args = argumentsFor(archive, {
      timeoutMinutes: 25,
      skipDatabaseUpdate: true,
      ignoreFile: '/w/.trivyignore.yaml',
      trivyConfigFile: '/w/trivy.yaml',
    }).join(' ');
    for (const part of [
      '--timeout 25m',
      '--skip-db-update',
      '--offline-scan',
      '--ignorefile /w/.trivyignore.yaml',
      '--config /w/trivy.yaml',
    ]) {
      assert.ok(args.includes(part), part);
    }
  });

  it('takes further options, but none that would hide the report', () => {
    const command = trivyImageArguments(
      archive,
      {
        ...settings,
        extraTrivyArguments: [
          '--scanners',
          'vuln',
          '-f',
          'table',
          '--output=x',
          '-otable',
          '--vex',
          'repo',
          '--',
          'evil',
          '--exit-code',
          '1',
        ],
      },
      '0.74.0',
    );
    assert.deepEqual(command.args.slice(0, 6), ['image', '--scanners', 'vuln', '--vex', 'repo', 'evil']);
    assert.deepEqual(command.refused, ['-f', 'table', '--output=x', '-otable', '--', '--exit-code', '1']);
  });
});
