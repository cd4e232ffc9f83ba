import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { dnfWithoutYes } from './dnf-without-yes.ts';

const from = 'FROM almalinux:9\n';

describeRule(dnfWithoutYes, {
  accepts: {
    'has it': `${from}RUN dnf install -y nginx`,
    'has it in front': `${from}RUN yum -y update`,
    long: `${from}RUN microdnf --assumeyes install nginx`,
    'in a cluster': `${from}RUN yum install -qy nginx`,
    'by setting': `${from}RUN dnf --setopt=assumeyes=1 install nginx`,
    'settled before': `${from}RUN echo assumeyes=1 >> /etc/yum.conf && yum install nginx`,
    'an answer is piped in': `${from}RUN yes | yum install nginx`,
    'does not ask': `${from}RUN dnf makecache && dnf clean all && dnf module list`,
    'options in a variable': `${from}ARG DNF_OPTS\nRUN dnf install $DNF_OPTS nginx`,
  },
  fixes: {
    dnf: [`${from}RUN dnf ⟦install⟧ nginx`, { text: `${from}RUN dnf install -y nginx`, safety: 'safe' }],
    'yum and others': [
      `${from}RUN yum ⟦update⟧ && yum ⟦remove⟧ \\\n  gcc`,
      `${from}RUN yum update -y && yum remove -y \\\n  gcc`,
    ],
    'a module': [`${from}RUN dnf ⟦module⟧ enable nodejs:22`, `${from}RUN dnf module -y enable nodejs:22`],
    'short names and groups': [
      `${from}RUN dnf ⟦in⟧ nginx && dnf ⟦group⟧ install "Development Tools"`,
      `${from}RUN dnf in -y nginx && dnf group -y install "Development Tools"`,
    ],
    'exec form': [`${from}RUN ["yum", ⟦"install"⟧, "nginx"]`, `${from}RUN ["yum", "install", "-y", "nginx"]`],
  },
  reports: { 'not understood': `${from}RUN dnf ⟦install⟧ nginx "` },
});
