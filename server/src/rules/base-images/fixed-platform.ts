import { defineRule } from '../../lint/rule.ts';
import { remove } from '../../text/edit.ts';

export const fixedPlatform = defineRule({
  id: 'fixed-platform',
  practice: 'base-images',
  summary: '`FROM --platform` names one platform, whatever platform is built for.',
  why: 'The image is then made for that platform everywhere: on another machine it runs in slow emulation or not at all, and `docker build --platform` gives an image that claims one platform and holds another. Leave the choice to who builds, with `--platform` or `DOCKER_DEFAULT_PLATFORM`; for stages that only compile there is `--platform=$BUILDPLATFORM`. A stage whose name speaks of the platform is left alone, an image whose name does (`arm32v7/ruby`, `tool:1.2-arm64`), and so are Windows images.',
  severity: 'hint',
  fix: 'suggestion',
  aliases: [
    'buildkit/FromPlatformFlagConstDisallowed',
    'hadolint/DL3029',
    'kics/using_platform_with_from',
    'semgrep/avoid-platform-with-from',
  ],
  examples: [
    {
      before: 'FROM --platform=linux/amd64 node:24-slim\nCMD ["node", "x.js"]\n',
      after: 'FROM node:24-slim\nCMD ["node", "x.js"]\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const { from, name, base, rootBase } of dockerfile.stages) {
      const flag = from.flags.find((each) => each.name === 'platform');
      const next = from.flags.find(({ range }) => flag && range.start > flag.range.start) ?? from.words[0];
      const value = flag?.value ?? '';
      if (!flag || !next || !/^linux\/[\w/]+$/.test(value) || rootBase.facts?.family === 'windows') continue;
      // A stage for each platform, chosen by its name.
      const [, architecture = '', variant = ''] = value.split('/');
      if (
        name !== undefined &&
        (name.includes(architecture) || (variant !== '' && name.includes(variant)) || /linux/.test(name))
      )
        continue;
      // An image that is published for this platform only.
      if (namesPlatform(base.name, architecture)) continue;
      const isPlain = /^[ \t]+$/.test(dockerfile.slice({ start: flag.range.end, end: next.range.start }));
      report({
        range: flag.range,
        message: `This is built for ${value} whatever platform is asked for; leave it to --platform of the build.`,
        ...(isPlain
          ? {
              fixes: [
                {
                  title: 'Remove the flag (the image is then for the platform that is built for)',
                  edits: [remove({ start: flag.range.start, end: next.range.start })],
                },
              ],
            }
          : {}),
      });
    }
  },
});

/** Names that images give to an architecture, in their repository or tag. */
const otherNames: Readonly<Record<string, string>> = {
  amd64: 'amd64|x86[-_]64|x64',
  arm64: 'arm64(?:v8)?|aarch64',
  arm: 'arm(?:32)?(?:v\\d)?|armhf|armel|rpi|raspberrypi\\d?',
  386: 'i386|386|x86',
};

function namesPlatform(image: string, architecture: string): boolean {
  const names = otherNames[architecture] ?? architecture;
  return new RegExp(`(?:^|[-/:._])(?:${names})(?:[-/:._@]|$)`).test(image);
}
