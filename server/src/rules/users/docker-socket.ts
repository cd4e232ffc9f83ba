import { defineRule } from '../../lint/rule.ts';
import type { Range } from '../../text/range.ts';

const socket =
  /(?:^|\/)(?:var\/)?run\/(?:docker|containerd\/containerd|podman\/podman|crio\/crio)\.sock$|(?:^|\/)docker\.sock$/;

export const dockerSocket = defineRule({
  id: 'docker-socket',
  practice: 'users',
  summary: 'The socket of the container engine is made part of the image or of a build step.',
  why: [
    'Whoever can write to the socket of the engine can start a container that mounts the disk of the host, and so is root on the host. An image that declares the socket as a volume, carries it or builds with it invites exactly that, and does not even work where the engine is another.',
    '',
    'Mount the socket when the container is started, only where it is needed, and better behind a proxy that lets through the few calls that are. To build images in a container use a builder that needs no engine (BuildKit rootless, buildah).',
  ].join('\n'),
  severity: 'warning',
  fix: 'none',
  aliases: ['semgrep/dockerfile-dockerd-socket-mount'],
  examples: [{ before: 'FROM docker:29-cli\nVOLUME /var/run/docker.sock\nCMD ["sh"]\n' }],
  check({ dockerfile, report }) {
    const found = (range: Range, what: string): void =>
      report({
        range,
        message: `${what} the socket of the container engine, and with it root on the host, to what runs here; mount it only when the container is started.`,
      });
    for (const stage of dockerfile.stages) {
      for (const instruction of stage.instructions) {
        if (instruction.keyword !== 'VOLUME') continue;
        const words = instruction.json?.items ?? instruction.words;
        for (const word of words)
          if (word.value !== undefined && socket.test(word.value)) found(word.range, 'VOLUME gives');
      }
      for (const copy of stage.copies) {
        for (const source of copy.sources) {
          if (socket.test(source.value ?? source.text)) found(source.range, 'The copy gives');
        }
      }
      for (const run of stage.runs) {
        for (const mount of run.mounts) {
          const paths = [mount.target, mount.options['source'], mount.options['src']];
          if (paths.some((path) => path !== undefined && socket.test(path))) found(mount.range, 'The mount gives');
        }
      }
    }
  },
});
