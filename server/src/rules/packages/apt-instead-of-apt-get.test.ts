import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { aptInsteadOfAptGet } from './apt-instead-of-apt-get.ts';

describeRule(aptInsteadOfAptGet, {
  accepts: {
    'apt-get': 'RUN apt-get update && apt-get install -y nginx',
    'a path': 'RUN rm -rf /var/lib/apt/lists/* && ls /etc/apt',
    'a word': 'RUN echo apt install x',
    'an own function': 'RUN apt() { apt-get -y "$@"; }; apt install nginx',
  },
  fixes: {
    'a pattern': [
      "RUN ⟦apt⟧ install -y 'php8.4-*'",
      { text: "RUN apt-get install -y 'php8.4-*'", safety: 'suggestion' },
    ],
    several: [
      'RUN ⟦apt⟧ update && ⟦apt⟧ install -y \\\n  nginx',
      { text: 'RUN apt-get update && apt-get install -y \\\n  nginx', safety: 'safe' },
    ],
    'by path, under sudo': ['RUN sudo ⟦/usr/bin/apt⟧ -y install nginx', 'RUN sudo /usr/bin/apt-get -y install nginx'],
    upgrade: ['RUN ⟦apt⟧ upgrade -y', { text: 'RUN apt-get upgrade --with-new-pkgs -y', safety: 'safe' }],
    'full-upgrade': ['RUN ⟦apt⟧ -y full-upgrade', 'RUN apt-get -y dist-upgrade'],
    show: ['RUN ⟦apt⟧ show nginx', { text: 'RUN apt-cache show nginx', safety: 'suggestion' }],
    'in a stage that does not ship': [
      'FROM debian:13 AS b\nRUN ⟦apt⟧ update\nFROM scratch\n',
      'FROM debian:13 AS b\nRUN apt-get update\nFROM scratch\n',
    ],
  },
  reports: { 'list has no equal': 'RUN ⟦apt⟧ list --installed', 'exec form': 'RUN [⟦"apt"⟧, "update"]' },
});
