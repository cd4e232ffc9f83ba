import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { aptListsKept } from './apt-lists-kept.ts';

const removal = 'rm -rf /var/lib/apt/lists/*';

describeRule(aptListsKept, {
  accepts: {
    'removed in the same RUN': `RUN apt-get update && apt-get install -y curl && ${removal}`,
    'removed without the star': 'RUN apt-get update && apt-get install -y curl && rm -r /var/lib/apt/lists',
    'removed with more':
      'RUN apt-get update && apt-get install -y curl && rm -rf /tmp/* /var/lib/apt/lists/* /var/tmp/*',
    'removed in braces': 'RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/{apt,dpkg,cache}/lists',
    'deleted by find': 'RUN apt-get update && apt-get install -y curl && find /var/lib/apt/lists -type f -delete',
    'dist-clean': 'RUN apt-get update && apt-get install -y curl && apt-get distclean',
    'a cache mount':
      'RUN --mount=type=cache,target=/var/lib/apt,sharing=locked apt-get update && apt-get install -y curl',
    'a stage that does not ship':
      'FROM debian:13 AS build\nRUN apt-get update && apt-get install -y gcc\nFROM debian:13\nCOPY --from=build /x /x\n',
    'install alone downloads no lists': 'RUN apt-get install -y curl',
    'a clean-up script': 'RUN apt-get update && apt-get install -y curl && /usr/local/bin/docker-clean.sh',
    'nothing but the lists, which another rule tells of': 'RUN apt-get update\nRUN echo done',
    'a comment': '# RUN apt-get update\n',
    'lower case, removed': `run apt update && apt install -y curl && ${removal}`,
  },
  fixes: {
    'a later branch updates itself': [
      `RUN apt-get ⟦update⟧ && apt-get install -y curl\nRUN if x; then apt-get update && apt-get install -y git && ${removal}; fi`,
      `RUN apt-get update && apt-get install -y curl && ${removal}\nRUN if x; then apt-get update && apt-get install -y git && ${removal}; fi`,
    ],
    'one line': [
      'RUN apt-get ⟦update⟧ && apt-get install -y curl',
      { text: `RUN apt-get update && apt-get install -y curl && ${removal}`, safety: 'safe' },
    ],
    'apt-get clean does not remove lists': [
      'RUN apt-get ⟦update⟧ && apt-get install -y curl && apt-get clean',
      `RUN apt-get update && apt-get install -y curl && apt-get clean && ${removal}`,
    ],
    'leading &&, comments': [
      'RUN apt-get ⟦update⟧ \\\n    # needed by the health check\n    && apt-get install -y \\\n        curl \\\n        git\nCMD ["x"]\n',
      `RUN apt-get update \\\n    # needed by the health check\n    && apt-get install -y \\\n        curl \\\n        git \\\n    && ${removal}\nCMD ["x"]\n`,
    ],
    'trailing &&': [
      'RUN apt-get ⟦update⟧ && \\\n  apt-get install -y curl\n',
      `RUN apt-get update && \\\n  apt-get install -y curl && \\\n  ${removal}\n`,
    ],
    'packages over lines': [
      'RUN apt-get ⟦update⟧ && apt-get install -y \\\n  curl \\\n  git\n',
      `RUN apt-get update && apt-get install -y \\\n  curl \\\n  git \\\n  && ${removal}\n`,
    ],
    'set -eux': [
      'RUN set -eux; \\\n\tapt-get ⟦update⟧; \\\n\tapt-get install -y curl\n',
      `RUN set -eux; \\\n\tapt-get update; \\\n\tapt-get install -y curl; \\\n\t${removal}\n`,
    ],
    heredoc: [
      'RUN <<EOF\napt-get ⟦update⟧\napt-get install -y curl\nEOF\n',
      `RUN <<EOF\napt-get update\napt-get install -y curl && ${removal}\nEOF\n`,
    ],
    'heredoc that stops at failures': [
      'RUN <<EOF\nset -e\napt-get ⟦update⟧\napt-get install -y curl\nEOF\n',
      `RUN <<EOF\nset -e\napt-get update\napt-get install -y curl\n${removal}\nEOF\n`,
    ],
    'a later RUN updates itself': [
      'RUN apt-get ⟦update⟧ && apt-get install -y curl\nRUN apt-get ⟦update⟧ && apt-get install -y git\n',
      `RUN apt-get update && apt-get install -y curl && ${removal}\nRUN apt-get update && apt-get install -y git && ${removal}\n`,
    ],
    'a later NodeSource script updates': [
      'RUN apt-get ⟦update⟧ && apt-get install -y curl\nRUN curl -fsSL https://deb.nodesource.com/setup_22.x | bash - && apt-get install -y nodejs\n',
      `RUN apt-get update && apt-get install -y curl && ${removal}\nRUN curl -fsSL https://deb.nodesource.com/setup_22.x | bash - && apt-get install -y nodejs\n`,
    ],
    sudo: [
      'RUN sudo apt-get ⟦update⟧ && sudo apt-get install -y curl',
      `RUN sudo apt-get update && sudo apt-get install -y curl && sudo ${removal}`,
    ],
    'a stage that the final one is built from': [
      'FROM debian:13 AS base\nRUN apt ⟦update⟧ && apt install -y curl\nFROM base\nUSER app\n',
      `FROM debian:13 AS base\nRUN apt update && apt install -y curl && ${removal}\nFROM base\nUSER app\n`,
    ],
    'a later script may need them': [
      'RUN apt-get ⟦update⟧ && apt-get install -y curl\nCOPY x.sh /\nRUN /x.sh\n',
      {
        text: `RUN apt-get update && apt-get install -y curl && ${removal}\nCOPY x.sh /\nRUN /x.sh\n`,
        title: 'x.sh, run later',
        safety: 'suggestion',
      },
    ],
    'a later script that does not': [
      {
        text: 'RUN apt-get ⟦update⟧ && apt-get install -y curl\nCOPY x.sh /\nRUN sh -x /x.sh\n',
        context: { 'x.sh': 'echo done\n' },
      },
      {
        text: `RUN apt-get update && apt-get install -y curl && ${removal}\nCOPY x.sh /\nRUN sh -x /x.sh\n`,
        safety: 'safe',
      },
    ],
    'a cache mount for the archives only': [
      'RUN --mount=type=cache,target=/var/cache/apt apt-get ⟦update⟧ && apt-get install -y curl',
      `RUN --mount=type=cache,target=/var/cache/apt apt-get update && apt-get install -y curl && ${removal}`,
    ],
    'removed too late': [
      `RUN apt-get ⟦update⟧ && apt-get install -y curl\nRUN ${removal}\n`,
      `RUN apt-get update && apt-get install -y curl && ${removal}\nRUN ${removal}\n`,
    ],
  },
  reports: {
    'a later branch does not':
      'RUN apt-get ⟦update⟧ && apt-get install -y curl\nRUN if x; then apt-get update && rm -rf /var/lib/apt/lists/*; fi; if y; then apt-get install -y git; fi',
    'the container installs': 'RUN apt-get ⟦update⟧ && apt-get install -y curl\nCMD apt-get install -y git',
    'exec form': 'RUN ["apt-get", ⟦"update"⟧]',
    'a later RUN installs without update':
      'RUN apt-get ⟦update⟧ && apt-get install -y curl\nRUN apt-get install -y git\n',
    'a stage built from this one installs':
      'FROM debian:13 AS base\nRUN apt-get ⟦update⟧ && apt-get install -y curl\nFROM base AS test\nRUN apt-get install -y git\nFROM base\n',
    'apt-cache needs them': 'RUN apt-get ⟦update⟧ && apt-get install -y curl\nRUN apt-cache policy curl\n',
    'an alternative at the end': 'RUN apt-get ⟦update⟧ && apt-get install -y curl || true',
    'exit at the end': 'RUN apt-get ⟦update⟧; apt-get install -y curl; exit 0',
    'in the background': 'RUN apt-get ⟦update⟧ && apt-get install -y curl &',
    'a comment at the end': 'RUN apt-get ⟦update⟧ && apt-get install -y curl # for the health check',
    'not root': 'USER 1000\nRUN apt-get ⟦update⟧ && apt-get install -y curl',
    'a trigger': 'RUN apt-get ⟦update⟧ && apt-get install -y curl\nONBUILD RUN apt-get install -y git',
  },
});
