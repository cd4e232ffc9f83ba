import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { unverifiedPackages } from './unverified-packages.ts';

describeRule(unverifiedPackages, {
  accepts: {
    checked: 'RUN apt-get install -y nginx && apk add nginx && dnf install -y nginx',
    'a key':
      'RUN echo "deb [signed-by=/etc/apt/keyrings/x.gpg] https://example.org x main" > /etc/apt/sources.list.d/x.list',
    'a local package': 'FROM alpine:3.22\nRUN apk add --no-cache --allow-untrusted /tmp/glibc.apk',
    'a folder of the image as repository':
      'RUN echo "deb [ trusted=yes ] file:///debs ./" > /etc/apt/sources.list.d/x.list',
    'a removal': 'RUN apt-get purge -y --force-yes nginx',
    'a word of another command': 'RUN echo --allow-unauthenticated',
    'switched on': 'RUN dnf install -y --setopt=gpgcheck=1 nginx',
  },
  fixes: {
    apt: [
      'RUN apt-get install -y ⟦--allow-unauthenticated⟧ nginx',
      { text: 'RUN apt-get install -y nginx', safety: 'suggestion' },
    ],
    'force-yes means yes': ['RUN apt-get install ⟦--force-yes⟧ nginx', 'RUN apt-get install -y nginx'],
    'force-yes beside -y': ['RUN apt-get install -y ⟦--force-yes⟧ nginx', 'RUN apt-get install -y nginx'],
    'apk, over lines': [
      'FROM alpine:3.22\nRUN apk add \\\n  ⟦--allow-untrusted⟧ \\\n  nginx',
      'FROM alpine:3.22\nRUN apk add \\\n  nginx',
    ],
    dnf: ['RUN dnf install -y ⟦--nogpgcheck⟧ nginx', 'RUN dnf install -y nginx'],
    zypper: ['RUN zypper ⟦--no-gpg-checks⟧ install -y nginx', 'RUN zypper install -y nginx'],
  },
  reports: {
    'trusted=yes':
      'RUN echo "deb [arch=amd64 ⟦trusted=yes⟧] https://example.org x main" > /etc/apt/sources.list.d/x.list',
    'as a setting': 'RUN apt-get -o ⟦APT::Get::AllowUnauthenticated=true⟧ install -y nginx',
    'exec form': 'RUN ["apt-get", "install", "-y", ⟦"--allow-unauthenticated"⟧, "nginx"]',
  },
});
