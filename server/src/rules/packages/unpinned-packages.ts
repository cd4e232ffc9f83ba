import { defineRule } from '../../lint/rule.ts';
import type { Manager, NamedPackage, PackageUse } from '../../model/packages.ts';

export const unpinnedPackages = defineRule({
  id: 'unpinned-packages',
  practice: 'packages',
  summary: 'A package is installed in whatever version is current on the day of the build.',
  why:
    'Without a version, two builds of one Dockerfile may hold different software. For packages of a language, name a ' +
    'version or use a lock file. For packages of a distribution an exact version is a mixed blessing: mirrors drop old ' +
    'versions, so such builds break, and security fixes of the release no longer arrive; a fixed release of the base ' +
    'image is usually the better pin. That is why this rule is off until asked for.',
  severity: 'off',
  fix: 'none',
  aliases: [
    'hadolint/DL3008',
    'hadolint/DL3013',
    'hadolint/DL3016',
    'hadolint/DL3018',
    'hadolint/DL3028',
    'hadolint/DL3033',
    'hadolint/DL3037',
    'hadolint/DL3041',
    'hadolint/DL3062',
    'kics/apt_get_install_pin_version_not_defined',
    'kics/unpinned_package_version_in_apk_add',
    'kics/unpinned_package_version_in_pip_install',
    'kics/npm_install_without_pinned_version',
    'kics/gem_install_without_version',
  ],
  examples: [{ before: 'FROM python:3.13-slim\nRUN pip install --no-cache-dir flask\n' }],
  check({ dockerfile, report }) {
    for (const use of dockerfile.runs.flatMap((run) => run.installs)) {
      if (!judged.includes(use.manager) || isPinnedAsAWhole(use)) continue;
      for (const named of use.packages) {
        if (isPinned(use, named)) continue;
        report({
          range: named.range,
          message: `${named.name} is installed in whatever version is current at the time of the build; name a version.`,
        });
      }
    }
  },
});

const judged: readonly Manager[] = ['apt', 'apk', 'dnf', 'zypper', 'pip', 'npm', 'gem', 'go'];

function isPinnedAsAWhole({ manager, command }: PackageUse): boolean {
  if (manager === 'pip')
    return (
      command.subcommand !== 'install' ||
      command.hasOption('-c', '--constraint', '-e', '--editable', '--require-hashes')
    );
  if (manager === 'gem') return command.hasOption('-v', '--version');
  if (manager === 'go') return !['install', 'get'].includes(command.subcommand ?? '');
  return command.subcommand === 'build-dep';
}

/** By its version, or because it is a file, an address or a folder. */
function isPinned({ manager }: PackageUse, { name, version }: NamedPackage): boolean {
  if (
    /^[./~]|:\/\/|^git\+|\.(?:deb|rpm|apk|whl|tgz|tar\.gz|gem)$/.test(name) ||
    (name.includes('/') && manager === 'npm' && !name.startsWith('@'))
  )
    return true;
  if (manager === 'go') return version !== undefined ? version !== 'latest' : !/^[\w-]+(?:\.[\w-]+)+\//.test(name);
  if (version !== undefined) return manager !== 'npm' || version !== 'latest';
  if (manager === 'dnf') return /-\d/.test(name) || name.startsWith('@');
  return (manager === 'zypper' && /[=<>]/.test(name)) || (manager === 'apt' && /\/|-$|\*/.test(name));
}
