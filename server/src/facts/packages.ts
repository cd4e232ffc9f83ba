import { apkCommands, commandPackages, debBrings, debCommands } from './data/tools.generated.ts';
import { lazyTable, once } from './lazyTable.ts';
import type { PackageManager } from './types.ts';

/** Families of package formats: package names differ between them, not between the managers of one family. */
type Format = 'deb' | 'apk' | 'rpm';

const formats: Readonly<Partial<Record<PackageManager, Format>>> = {
  apt: 'deb',
  apk: 'apk',
  dnf: 'rpm',
  microdnf: 'rpm',
  yum: 'rpm',
  tdnf: 'rpm',
};

/**
 * The packages that bring a command (several when the command is of little use without the others, as curl without
 * ca-certificates on Debian); undefined when not known.
 */
export function packagesFor(command: string, manager: PackageManager): readonly string[] | undefined {
  const format = formats[manager];
  if (format === undefined) return undefined;
  const known = packagesOfCommand(command)?.[format];
  if (known !== undefined && known.length > 0) return known;
  for (const [name, commands] of commandsByPackage[format]()) if (commands.includes(command)) return [name];
  return undefined;
}

/**
 * The commands that installing a package brings, with those of the packages that it always draws in, as far as they
 * are known: a command that is missing may come all the same.
 */
export function commandsOfPackage(name: string, manager: PackageManager): ReadonlySet<string> {
  const format = formats[manager];
  if (format === undefined) return new Set();
  const byPackage = commandsByPackage[format]();
  return new Set(withDependencies(name, format).flatMap((each) => byPackage.get(each) ?? []));
}

type CommandsByPackage = ReadonlyMap<string, readonly string[]>;

const commandsByPackage: Readonly<Record<Format, () => CommandsByPackage>> = {
  deb: once(() => readCommands('deb', debCommands)),
  apk: once(() => readCommands('apk', apkCommands)),
  rpm: once(() => readCommands('rpm', { 'shadow-utils': 'useradd groupadd usermod' })),
};

/** The listed commands of packages, and those that are looked up in the other direction. */
function readCommands(format: Format, table: Readonly<Record<string, string>>): CommandsByPackage {
  const byPackage = new Map(Object.entries(table).map(([name, commands]) => [name, commands.split(' ')] as const));
  for (const command of Object.keys(commandPackages)) {
    const [first] = packagesOfCommand(command)![format];
    if (first !== undefined) byPackage.set(first, [...(byPackage.get(first) ?? []), command]);
  }
  return byPackage;
}

const packagesOfCommand = lazyTable(commandPackages, (text): Readonly<Record<Format, readonly string[]>> => {
  const [deb, apk, rpm] = text.split('|').map((list) => (list === '' ? [] : list.split(' ')));
  return { deb: deb!, apk: apk!, rpm: rpm! };
});

const buildBase = ['gcc', 'g++', 'make', 'patch', 'musl-dev', 'file'];

/** Alpine's packages that stand for a set of others. */
const alpineSets: ReadonlyMap<string, readonly string[]> = new Map([
  ['build-base', buildBase],
  ['alpine-sdk', ['git', ...buildBase]],
]);

const debianBrings = lazyTable(debBrings, (text): readonly string[] => text.split(' '));

function withDependencies(name: string, format: Format): readonly string[] {
  if (format === 'deb') return [name, ...(debianBrings(name) ?? [])];
  return (format === 'apk' ? alpineSets.get(name) : undefined) ?? [name];
}

/** Why a package has no business in an image that ships. */
export interface PackageRole {
  readonly kind: 'compiler' | 'build-tool' | 'headers' | 'debug-tool';
  /** Sentence part that follows the package's name. */
  readonly reason: string;
}

const roles: ReadonlyArray<readonly [kind: PackageRole['kind'], reason: string, names: string]> = [
  [
    'compiler',
    'compiles programs, which a running service does not do',
    'build-essential build-base alpine-sdk base-devel gcc g++ gcc-c++ clang llvm gfortran rustc cargo golang golang-go go ' +
      'ghc default-jdk default-jdk-headless openjdk-8-jdk openjdk-11-jdk openjdk-17-jdk openjdk-21-jdk openjdk-25-jdk nasm yasm binutils',
  ],
  [
    'build-tool',
    'builds software and is not needed to run it',
    'make cmake ninja-build ninja samurai meson autoconf automake libtool m4 bison flex pkg-config pkgconf ' +
      'pkgconf-pkg-config patch maven gradle ant bazel dpkg-dev devscripts debhelper rpm-build node-gyp swig re2c',
  ],
  [
    'debug-tool',
    'helps to look into a running system, and intruders as well',
    'strace ltrace gdb gdbserver lldb tcpdump nmap nmap-ncat netcat netcat-openbsd netcat-traditional telnet socat lsof htop iotop ' +
      'perf linux-perf linux-tools-generic sysstat iperf iperf3 traceroute mtr tshark wireshark-cli valgrind ' +
      'vim vim-tiny vim-enhanced nano emacs emacs-nox dnsutils bind9-dnsutils bind-utils bind-tools net-tools iputils-ping iputils man-db',
  ],
];

const rolesByName = once(
  (): ReadonlyMap<string, PackageRole> =>
    new Map(
      roles.flatMap(([kind, reason, names]) => names.split(' ').map((name) => [name, { kind, reason }] as const)),
    ),
);

/** What a package is for, when that is building or looking; undefined for all others. Versions are ignored. */
export function packageRole(name: string): PackageRole | undefined {
  const byName = rolesByName();
  const base = name.replace(/[=<>~@].*$/, '');
  const known = byName.get(base);
  if (known) return known;
  if (/^(?:gcc|g\+\+|clang|llvm|gfortran)-\d+$/.test(base)) return byName.get('gcc');
  if (/^openjdk-?\d+(?:-jdk)?(?:-headless)?$|^java-[\d.]+-openjdk-devel$/.test(base) && !base.includes('jre')) {
    return byName.get('default-jdk');
  }
  return /.-(?:dev|devel|headers)$/.test(base) ? { kind: 'headers', reason: headersReason } : undefined;
}

const headersReason = 'holds headers for compiling; the library alone is enough to run';
