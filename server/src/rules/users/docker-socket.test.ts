import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { dockerSocket } from './docker-socket.ts';

describeRule(dockerSocket, {
  accepts: {
    'the name of the socket alone': 'ENV DOCKER_HOST=unix:///var/run/docker.sock',
    'a script that speaks of it': 'RUN echo "mount /var/run/docker.sock" > /readme',
    'another volume': 'VOLUME /var/run/docker',
    'a test for it': 'RUN test -S /var/run/docker.sock || true',
    'another file': 'COPY docker.sock.md /docs/',
  },
  reports: {
    'a volume': 'VOLUME ⟦/var/run/docker.sock⟧',
    'among volumes in JSON form': 'VOLUME ["/data", ⟦"/run/docker.sock"⟧]',
    'a mount of a build step': 'RUN ⟦--mount=type=bind,source=run/docker.sock,target=/var/run/docker.sock⟧ docker ps',
    'a copy': 'COPY ⟦/var/run/docker.sock⟧ /var/run/',
    'of containerd': 'VOLUME ⟦/run/containerd/containerd.sock⟧',
  },
});
