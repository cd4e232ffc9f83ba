#!/usr/bin/env node
/**
 * A stand-in for docker with buildx, for tests of what is done with its answers: it "builds" every Dockerfile into the
 * image that the control file describes, and knows that image's history.
 *
 * The JSON file named by FAKE_DOCKER_CONTROL has `id`, `diffIds` and `history` (rows as `docker history` gives them,
 * newest first), `saved`, the file that `image save` writes out, and `record`, where each call is written down. An image
 * with a digest is that of Trivy: it has to be pulled, and in its containers runs the program `trivy`. What was pulled and
 * which containers there are is kept in the folder `state`.
 */
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

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
  case 'info --format':
    say({ SecurityOptions: ['name=seccomp,profile=default'] });
    break;
  case 'image inspect':
    if (isPinned(args.at(-1)) && !existsSync(stateFile('pulled'))) fail(`No such image: ${args.at(-1)}`);
    say(args.includes('--format') ? image : [{ ...image, RootFS: { Layers: control.diffIds }, Config: {} }]);
    break;
  case 'image ls':
    say(control.id);
    break;
  case 'image history':
    for (const row of control.history) say(row);
    break;
  case 'image save':
    if (args.includes('--output')) writeFileSync(valueOf('--output'), 'a saved image');
    else process.stdout.write(readFileSync(control.saved));
    break;
  case 'image rm':
    break;
  case 'image pull':
    process.stdout.write(`Digest: ${args.at(-1).split('@')[1]}\nStatus: Downloaded newer image\n`);
    writeFileSync(stateFile('pulled'), args.at(-1));
    break;
  case 'container create':
    writeFileSync(stateFile(valueOf('--name')), JSON.stringify(args));
    say('c0ffee');
    break;
  case 'container start':
    runContainer(args.at(-1));
    break;
  case 'container rm':
    if (!existsSync(stateFile(args.at(-1)))) fail(`No such container: ${args.at(-1)}`);
    rmSync(stateFile(args.at(-1)));
    break;
  default:
    process.stderr.write(`unknown command: docker ${args.join(' ')}\n`);
    process.exit(1);
}

/** A name with a digest, which here is the image of Trivy. */
function isPinned(reference) {
  return /@sha256:[0-9a-f]{64}$/.test(reference);
}

function stateFile(name) {
  mkdirSync(control.state, { recursive: true });
  return join(control.state, name);
}

function fail(message) {
  process.stderr.write(`Error response from daemon: ${message}\n`);
  process.exit(1);
}

/** Runs what the container was made for, on this machine; passes the interrupt on, as the real one does. */
function runContainer(name) {
  const made = JSON.parse(readFileSync(stateFile(name), 'utf8'));
  const command = made.slice(made.findIndex(isPinned) + 1);
  const child = spawn(control.trivy, command, { stdio: ['ignore', 'inherit', 'inherit'] });
  process.on('SIGINT', () => child.kill('SIGINT'));
  child.on('exit', (code) => {
    rmSync(stateFile(name), { force: true });
    process.exit(code ?? 137);
  });
}
