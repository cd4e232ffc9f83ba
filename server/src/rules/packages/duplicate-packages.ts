import { defineRule } from '../../lint/rule.ts';
import { removePackage } from '../../model/packageWords.ts';
import type { Manager } from '../../model/packages.ts';

const listed: readonly Manager[] = ['apt', 'apk', 'dnf', 'zypper', 'pacman', 'pip', 'npm', 'gem', 'conda'];

export const duplicatePackages = defineRule({
  id: 'duplicate-packages',
  practice: 'packages',
  summary: 'A package stands twice in one list.',
  why: 'It is installed once either way; the second mention only makes the list longer and changes harder to read. One package per line, sorted, shows such things.',
  severity: 'hint',
  fix: 'safe',
  changes: ['command-words'],
  aliases: [],
  examples: [
    {
      before: 'FROM debian:13\nRUN apt-get update && apt-get install -y git nginx git\n',
      after: 'FROM debian:13\nRUN apt-get update && apt-get install -y git nginx\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const use of dockerfile.runs.flatMap((run) => run.installs)) {
      if (!listed.includes(use.manager)) continue;
      const seen = new Map<string, (typeof use.packages)[number]>();
      for (const named of use.packages) {
        const key = `${named.name} ${named.version ?? ''}`;
        const first = seen.get(key);
        if (!first) {
          seen.set(key, named);
          continue;
        }
        const edit = removePackage(use, named);
        report({
          range: named.range,
          message: `${named.name} stands in this list already; remove it here.`,
          related: [{ range: first.range, message: 'Named here first.' }],
          tags: ['unnecessary'],
          ...(edit ? { fixes: [{ title: `Remove the second ${named.name}`, edits: [edit] }] } : {}),
        });
      }
    }
  },
});
