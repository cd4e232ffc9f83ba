import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { aptRecommends } from './apt-recommends.ts';

describeRule(aptRecommends, {
  accepts: {
    'has it': 'RUN apt-get install -y --no-install-recommends nginx',
    'has it in front': 'RUN apt-get --no-install-recommends install -y nginx',
    'wished for': 'RUN apt-get install -y --install-recommends nginx',
    'as a setting': 'RUN apt-get -o APT::Install-Recommends=false install -y nginx',
    'written to a file before': `RUN echo 'APT::Install-Recommends "0";' > /etc/apt/apt.conf.d/00\nRUN apt-get install -y nginx`,
    'written before in the same RUN': `RUN echo 'APT::Install-Recommends "0";' > /etc/apt/apt.conf.d/00 && apt-get install -y nginx`,
    'a copied configuration': 'COPY apt.conf /etc/apt/apt.conf.d/\nRUN apt-get install -y nginx',
    APT_CONFIG: 'ENV APT_CONFIG=/apt.conf\nRUN apt-get install -y nginx',
    repair: 'RUN apt-get install -f -y',
    download: 'RUN apt-get install --download-only nginx',
    'build-dep': 'RUN apt-get build-dep -y nginx',
    'a stage that does not ship': 'FROM debian:13 AS build\nRUN apt-get install -y gcc\nFROM debian:13\n',
    'options in a variable': 'RUN apt-get install $APT_OPTS nginx',
    'known variable': 'ARG INSTALL="-y --no-install-recommends"\nRUN apt-get install $INSTALL nginx',
  },
  fixes: {
    'a trigger, as a suggestion': [
      'ONBUILD RUN apt-get update && apt-get ⟦install⟧ -y nano',
      { text: 'ONBUILD RUN apt-get update && apt-get install -y --no-install-recommends nano', safety: 'suggestion' },
    ],
    plain: [
      'RUN apt-get ⟦install⟧ nginx',
      { text: 'RUN apt-get install --no-install-recommends nginx', safety: 'suggestion' },
    ],
    'another RUN has it': [
      'RUN apt-get install -y --no-install-recommends a\nRUN apt-get ⟦install⟧ -y nginx',
      'RUN apt-get install -y --no-install-recommends a\nRUN apt-get install -y --no-install-recommends nginx',
    ],
    'behind -y': ['RUN apt-get ⟦install⟧ -y nginx', 'RUN apt-get install -y --no-install-recommends nginx'],
    '-y in front': ['RUN apt-get -y ⟦install⟧ nginx', 'RUN apt-get -y install --no-install-recommends nginx'],
    'curl needs certificates': [
      'RUN apt-get ⟦install⟧ -y curl',
      { text: 'RUN apt-get install -y --no-install-recommends ca-certificates curl', title: 'and ca-certificates' },
    ],
    'curl without certificates': [
      'RUN apt-get ⟦install⟧ -y curl',
      { text: 'RUN apt-get install -y --no-install-recommends curl', title: '(curl then has no CA certificates)' },
    ],
    'certificates in their line': [
      'RUN apt-get ⟦install⟧ -y \\\n    # for the probe\n    curl \\\n    git\n',
      'RUN apt-get install -y --no-install-recommends \\\n    # for the probe\n    ca-certificates \\\n    curl \\\n    git\n',
    ],
    'certificates are there': [
      'RUN apt-get ⟦install⟧ -y curl ca-certificates',
      {
        text: 'RUN apt-get install -y --no-install-recommends curl ca-certificates',
        title: 'Add --no-install-recommends',
      },
    ],
    'the base has certificates': [
      'FROM node:24\nRUN apt-get ⟦install⟧ -y wget',
      'FROM node:24\nRUN apt-get install -y --no-install-recommends wget',
    ],
    '-f beside packages': [
      'RUN apt-get -f ⟦install⟧ -y nginx',
      'RUN apt-get -f install -y --no-install-recommends nginx',
    ],
    'nothing is lost with its companion': [
      'RUN apt-get ⟦install⟧ -y python3-pip python3-dev',
      {
        text: 'RUN apt-get install -y --no-install-recommends python3-pip python3-dev',
        title: 'Add --no-install-recommends',
      },
    ],
    'both consequences': [
      'RUN apt-get ⟦install⟧ -y git python3-pip',
      {
        text: 'RUN apt-get install -y --no-install-recommends ca-certificates git python3-pip',
        title: 'and ca-certificates (pip then has no compiler',
      },
    ],
    'what is lost is told': [
      'RUN apt-get ⟦install⟧ -y python3-pip',
      {
        text: 'RUN apt-get install -y --no-install-recommends python3-pip',
        title: 'no compiler and no Python headers',
      },
    ],
    'unknown list': [
      'ARG PACKAGES\nRUN apt-get ⟦install⟧ -y $PACKAGES',
      'ARG PACKAGES\nRUN apt-get install -y --no-install-recommends $PACKAGES',
    ],
    'exec form': [
      'RUN ["apt-get", ⟦"install"⟧, "-y", "curl"]',
      'RUN ["apt-get", "install", "--no-install-recommends", "-y", "ca-certificates", "curl"]',
    ],
    apt: ['RUN apt ⟦install⟧ -yq nginx', 'RUN apt install -yq --no-install-recommends nginx'],
    heredoc: [
      'RUN <<EOF\napt-get ⟦install⟧ -y nginx\nEOF',
      'RUN <<EOF\napt-get install -y --no-install-recommends nginx\nEOF',
    ],
  },
  reports: { 'not understood': 'RUN apt-get ⟦install⟧ nginx "' },
});
