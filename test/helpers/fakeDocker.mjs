#!/usr/bin/env node
/**
 * A stand-in for docker with buildx, for tests of what is done with its answers: it "builds" every Dockerfile into the
 * image that the control file describes, and knows that image's history.
 *
 * The JSON file named by FAKE_DOCKER_CONTROL has `id`, `diffIds` and `history` (rows as `docker history` gives them,
 * newest first), `saved`, the file that `image save` writes out, and `record`, where each call is written down.
 */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';

const control = JSON.parse(readFileSync(process.env.FAKE_DOCKER_CONTROL, 'utf8'));
const args = process.argv.slice(2);
appendFileSync(control.record, `${JSON.stringify({ argv: args })}\n`);

const valueOf = (option) => args[args.indexOf(option) + 1];
const say = (value) => process.stdout.write(`${typeof value === 'string' ? value : JSON.stringify(value)}\n`);
const image = {
  Id: control.id,
  RepoTags: ['plimsoll-scan/example:latest'],
  Created: '2026-01-01T00:00:00Z',
  Size: 1,
};

switch (args.slice(0, 2).join(' ')) {
  case 'version --format':
    say({
      Client: { Version: '28.5.1' },
      Server: { Version: '28.5.1', Os: 'linux', Components: [{ Name: 'Engine' }] },
    });
    break;
  case 'context inspect':
    say('unix:///var/run/docker.sock');
    break;
  case 'buildx version':
    say('github.com/docker/buildx v0.29.1 fake');
    break;
  case 'buildx build':
    writeFileSync(valueOf('--iidfile'), control.id);
    writeFileSync(valueOf('--metadata-file'), '{}');
    break;
  case 'image inspect':
    say(args.includes('--format') ? image : [{ ...image, RootFS: { Layers: control.diffIds }, Config: {} }]);
    break;
  case 'image ls':
    say(control.id);
    break;
  case 'image history':
    for (const row of control.history) say(row);
    break;
  case 'image save':
    process.stdout.write(readFileSync(control.saved));
    break;
  case 'image rm':
    break;
  default:
    process.stderr.write(`unknown command: docker ${args.join(' ')}\n`);
    process.exit(1);
}
