import { apkCommands, commandPackages, debBrings, debCommands } from './data/tools.generated.ts';
import { lazyTable } from './lazyTable.ts';
import type { PackageManager } from './types.ts';

/** Families of package formats: package names differ between them, not between the managers of one family. */
type Format = 'deb' | 'apk' | 'rpm';

function formatOf(manager: PackageManager): Format | undefined {
  switch (manager) {
    case 'apt':
      return 'deb';
    case 'apk':
      return 'apk';
    case 'dnf':
    case 'microdnf':
    case 'yum':
    case 'tdnf':
      return 'rpm';
    default:
      return undefined;
  }
}

/**
 * The packages that bring a command (several when the command is of little use without the others, as curl without
 * ca-certificates on Debian); undefined when not known.
 */
export function packagesFor(command: string, manager: PackageManager): readonly string[] | undefined {
  const format = formatOf(manager);
  if (format === undefined) return undefined;
  const known = packagesOfCommand(command)?.[format];
  if (known !== undefined && known.length > 0) return known;
  const table = commandTables[format];
  const name = Object.keys(table ?? {}).find((each) => table![each]!.split(' ').includes(command));
  return name === undefined ? undefined : [name];
}

/**
 * The tracked commands that installing a package brings, with those of the packages that it always draws in. Empty for
 * packages that are not known: then nothing is claimed.
 */
export function commandsOfPackage(name: string, manager: PackageManager): ReadonlySet<string> {
  const format = formatOf(manager);
  const commands = new Set<string>();
  if (format === undefined) return commands;
  for (const each of withDependencies(name, format)) {
    for (const command of commandTables[format]?.[each]?.split(' ') ?? []) commands.add(command);
  }
  if (format === 'rpm') for (const command of rpmCommands().get(name) ?? []) commands.add(command);
  return commands;
}

const commandTables: Readonly<Record<Format, Readonly<Record<string, string>> | undefined>> = {
  deb: Object.assign(Object.create(null), debCommands) as Record<string, string>,
  apk: Object.assign(Object.create(null), apkCommands) as Record<string, string>,
  rpm: undefined,
};

/** Alpine's packages that stand for a set of others. */
const apkSets: Readonly<Record<string, readonly string[]>> = {
  'alpine-sdk': ['git', 'gcc', 'g++', 'make', 'patch', 'musl-dev', 'file'],
  'build-base': ['gcc', 'g++', 'make', 'patch', 'musl-dev', 'file'],
  shadow: ['shadow'],
};

const brought = lazyTable(debBrings, (text): readonly string[] => text.split(' '));

function withDependencies(name: string, format: Format): readonly string[] {
  if (format === 'deb') return [name, ...(brought(name) ?? [])];
  return format === 'apk' && Object.hasOwn(apkSets, name) ? apkSets[name]! : [name];
}

const packagesOfCommand = lazyTable(commandPackages, (text): Readonly<Record<Format, readonly string[]>> => {
  const [deb, apk, rpm] = text.split('|').map((list) => (list === '' ? [] : list.split(' ')));
  return { deb: deb!, apk: apk!, rpm: rpm! };
});

let rpmTable: ReadonlyMap<string, readonly string[]> | undefined;

/** No list of RPM packages is at hand: the packages that commands are looked up in, turned round. */
function rpmCommands(): ReadonlyMap<string, readonly string[]> {
  if (rpmTable) return rpmTable;
  const table = new Map<string, string[]>([['shadow-utils', ['useradd', 'groupadd', 'usermod', 'adduser']]]);
  for (const command of Object.keys(commandPackages)) {
    for (const name of packagesOfCommand(command)!.rpm) table.set(name, [...(table.get(name) ?? []), command]);
  }
  rpmTable = table;
  return table;
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
    'helps to look into a running system, and whoever breaks in as well',
    'strace ltrace gdb gdbserver lldb tcpdump nmap nmap-ncat netcat netcat-openbsd netcat-traditional telnet socat lsof htop iotop ' +
      'perf linux-perf linux-tools-generic sysstat iperf iperf3 traceroute mtr tshark wireshark-cli valgrind ' +
      'vim vim-tiny vim-enhanced nano emacs emacs-nox dnsutils bind9-dnsutils bind-utils bind-tools net-tools iputils-ping iputils man-db',
  ],
];

let roleByName: ReadonlyMap<string, PackageRole> | undefined;

/** What a package is for, when that is building or looking; undefined for all others. Versions are ignored. */
export function packageRole(name: string): PackageRole | undefined {
  roleByName ??= new Map(
    roles.flatMap(([kind, reason, names]) => names.split(' ').map((each) => [each, { kind, reason }] as const)),
  );
  const base = name.replace(/[=<>~@].*$/, '');
  const known = roleByName.get(base);
  if (known) return known;
  if (/^(?:gcc|g\+\+|clang|llvm|gfortran)-\d+$/.test(base)) return roleByName.get('gcc');
  if (/^openjdk-?\d+(?:-jdk)?(?:-headless)?$|^java-[\d.]+-openjdk-devel$/.test(base) && !base.includes('jre')) {
    return roleByName.get('default-jdk');
  }
  return /.-(?:dev|devel|headers)$/.test(base) ? { kind: 'headers', reason: headersReason } : undefined;
}

const headersReason = 'holds headers for compiling; the library alone is enough to run';
