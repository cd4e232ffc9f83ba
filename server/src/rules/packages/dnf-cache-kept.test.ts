import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { dnfCacheKept } from './dnf-cache-kept.ts';

const from = 'FROM almalinux:9\n';

describeRule(dnfCacheKept, {
  accepts: {
    cleaned: `${from}RUN dnf install -y nginx && dnf clean all`,
    'cleaned by the other name': `${from}RUN yum install -y nginx && dnf clean all`,
    removed: `${from}RUN yum install -y nginx && rm -rf /var/cache/yum`,
    'zypper cleaned': 'FROM opensuse/leap:15.6\nRUN zypper in -y nginx && zypper cc -a',
    'a cache mount': `${from}RUN --mount=type=cache,target=/var/cache/dnf dnf install -y nginx`,
    'another root': `${from}RUN dnf install -y --installroot /mnt/root nginx`,
    'a stage that does not ship': `${from.trim()} AS build\nRUN dnf install -y gcc\n${from}COPY --from=build /x /x`,
    'cleaned further down the row': `${from}RUN dnf install -y nginx\nRUN nginx -t\nRUN dnf clean all`,
    'removing downloads nothing': `${from}RUN dnf remove -y nginx`,
    'a clean-up script': `${from}RUN yum install -y nginx && /scripts/cleanup.sh`,
  },
  fixes: {
    'a trigger, as a suggestion': [
      'FROM fedora:43\nONBUILD RUN dnf ⟦install⟧ -y nginx',
      { text: 'FROM fedora:43\nONBUILD RUN dnf install -y nginx && dnf clean all', safety: 'suggestion' },
    ],
    dnf: [
      `${from}RUN dnf ⟦install⟧ -y nginx`,
      { text: `${from}RUN dnf install -y nginx && dnf clean all`, safety: 'safe' },
    ],
    microdnf: [`${from}RUN microdnf ⟦install⟧ -y nginx`, `${from}RUN microdnf install -y nginx && microdnf clean all`],
    'yum over lines': [
      `${from}RUN yum -y ⟦update⟧ && \\\n    yum -y install \\\n      nginx && \\\n    nginx -t\n`,
      `${from}RUN yum -y update && \\\n    yum -y install \\\n      nginx && \\\n    nginx -t && \\\n    yum clean all && rm -rf /var/cache/yum\n`,
    ],
    zypper: [
      'FROM opensuse/leap:15.6\nRUN zypper -n ⟦in⟧ nginx',
      'FROM opensuse/leap:15.6\nRUN zypper -n in nginx && zypper clean -a',
    ],
    'cleaned too early': [
      `${from}RUN dnf clean all && dnf ⟦install⟧ -y nginx`,
      `${from}RUN dnf clean all && dnf install -y nginx && dnf clean all`,
    ],
    'only expired': [
      `${from}RUN yum clean expire-cache; dnf ⟦install⟧ -y nginx`,
      `${from}RUN yum clean expire-cache; dnf install -y nginx && dnf clean all`,
    ],
    'cleaned behind a COPY': [
      `${from}RUN dnf ⟦install⟧ -y nginx\nCOPY a b\nRUN dnf clean all`,
      `${from}RUN dnf install -y nginx && dnf clean all\nCOPY a b\nRUN dnf clean all`,
    ],
    sudo: [
      `${from}USER app\nRUN sudo yum ⟦install⟧ -y nginx`,
      `${from}USER app\nRUN sudo yum install -y nginx && sudo yum clean all && sudo rm -rf /var/cache/yum`,
    ],
    'an alternative at the end': [
      `${from}RUN dnf ⟦install⟧ -y nginx; x || true`,
      `${from}RUN dnf install -y nginx && dnf clean all; x || true`,
    ],
    heredoc: [
      `${from}RUN <<EOF\nset -e\ndnf ⟦install⟧ -y nginx\nEOF`,
      `${from}RUN <<EOF\nset -e\ndnf install -y nginx\ndnf clean all\nEOF`,
    ],
  },
  reports: {
    'no certain place': `${from}RUN dnf ⟦install⟧ -y nginx || true`,
    'not root': `${from}USER 1000\nRUN dnf ⟦install⟧ -y nginx`,
  },
});
