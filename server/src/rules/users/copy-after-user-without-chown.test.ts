import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { copyAfterUserWithoutChown } from './copy-after-user-without-chown.ts';

describeRule(copyAfterUserWithoutChown, {
  accepts: {
    'what the program reads': 'FROM node:24\nUSER node\nWORKDIR /app\nCOPY server.js .\nCMD ["node", "server.js"]',
    'in front of USER': 'FROM node:24\nVOLUME /data\nCOPY seed /data/\nUSER node',
    'with an owner': 'FROM node:24\nVOLUME /data\nUSER node\nCOPY --chown=node seed /data/',
    'given away later':
      'FROM node:24\nVOLUME /data\nUSER node\nCOPY seed /data/\nUSER root\nRUN chown node /data\nUSER node',
    'as root': 'FROM node:24\nVOLUME /data\nCOPY seed /data/',
  },
  reports: {
    'a linked copy knows no names': 'FROM node:24\nUSER node\nVOLUME /data\n⟦COPY⟧ --link seed /data/',
  },
  fixes: {
    'into a volume': [
      'FROM node:24\nUSER node\n⟦COPY⟧ seed /data/\nVOLUME /data\n',
      'FROM node:24\nUSER node\nCOPY --chown=node seed /data/\nVOLUME /data\n',
    ],
    'into a folder of the start': [
      'FROM node:24\nUSER 1000:1000\n⟦ADD⟧ data.tar /var/lib/app/\nCMD ["node", "--data-dir", "/var/lib/app"]\n',
      'FROM node:24\nUSER 1000:1000\nADD --chown=1000:1000 data.tar /var/lib/app/\nCMD ["node", "--data-dir", "/var/lib/app"]\n',
    ],
  },
});
