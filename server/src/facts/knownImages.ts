/** Facts of single images that no table of the data holds; all read from the images' Dockerfiles. */

/** Working directory where it is not `/`; the first pattern that fits the tag counts. */
const workdirs: Readonly<Record<string, ReadonlyArray<readonly [tag: RegExp, workdir: string]>>> = {
  caddy: [
    [/builder/, '/usr/bin'],
    [/./, '/srv'],
  ],
  clojure: [[/./, '/tmp']],
  composer: [[/./, '/app']],
  dart: [[/./, '/root']],
  drupal: [[/./, '/opt/drupal']],
  flink: [[/./, '/opt/flink']],
  ghost: [[/./, '/var/lib/ghost']],
  golang: [[/./, '/go']],
  gradle: [[/./, '/home/gradle']],
  groovy: [[/./, '/home/groovy']],
  haproxy: [[/./, '/var/lib/haproxy']],
  httpd: [[/./, '/usr/local/apache2']],
  jetty: [[/./, '/var/lib/jetty']],
  nextcloud: [[/./, '/var/www/html']],
  perl: [[/./, '/usr/src/app']],
  php: [[/./, '/var/www/html']],
  redis: [[/./, '/data']],
  redmine: [[/./, '/usr/src/redmine']],
  tomcat: [[/./, '/usr/local/tomcat']],
  wordpress: [[/./, '/var/www/html']],
};

const ports: Readonly<Record<string, ReadonlyArray<readonly [tag: RegExp, ports: readonly number[]]>>> = {
  caddy: [
    [/builder/, []],
    [/./, [80, 443, 2019]],
  ],
  ghost: [[/./, [2368]]],
  httpd: [[/./, [80]]],
  mariadb: [[/./, [3306]]],
  memcached: [[/./, [11211]]],
  mongo: [[/./, [27017]]],
  mysql: [[/./, [3306, 33060]]],
  nginx: [[/./, [80]]],
  'nginxinc/nginx-unprivileged': [[/./, [8080]]],
  php: [
    [/apache/, [80]],
    [/fpm/, [9000]],
    [/./, []],
  ],
  postgres: [[/./, [5432]]],
  redis: [[/./, [6379]]],
  tomcat: [[/./, [8080]]],
  wordpress: [
    [/fpm/, [9000]],
    [/cli/, []],
    [/./, [80]],
  ],
};

/** Images that expose nothing and start in `/`. */
const plain = new Set([
  'almalinux',
  'alpine',
  'amazoncorretto',
  'amazonlinux',
  'archlinux',
  'bash',
  'buildpack-deps',
  'busybox',
  'centos',
  'debian',
  'eclipse-temurin',
  'elixir',
  'erlang',
  'fedora',
  'gcc',
  'maven',
  'node',
  'openjdk',
  'oraclelinux',
  'pypy',
  'python',
  'rockylinux',
  'ruby',
  'rust',
  'ubuntu',
]);

/** The directory in which the image's commands run; undefined when unknown. */
export function workdirOf(repository: string, tag: string): string | undefined {
  const known = workdirs[repository]?.find(([pattern]) => pattern.test(tag))?.[1];
  return known ?? (plain.has(repository) || repository.startsWith('mcr.microsoft.com/dotnet/') ? '/' : undefined);
}

/** Ports that the image exposes; undefined when unknown. */
export function portsOf(repository: string, tag: string): readonly number[] | undefined {
  const known = ports[repository]?.find(([pattern]) => pattern.test(tag))?.[1];
  return known ?? (plain.has(repository) || repository === 'golang' || repository === 'perl' ? [] : undefined);
}

/** CMD of the plain systems; images built on them keep it unless they set one. */
const systemCommands: Readonly<Record<string, readonly string[]>> = {
  alpine: ['/bin/sh'],
  busybox: ['sh'],
  debian: ['bash'],
  ubuntu: ['/bin/bash'],
  rhel: ['/bin/bash'],
  amazon: ['/bin/bash'],
  photon: ['/bin/bash'],
};

export function systemCommand(family: string): readonly string[] | undefined {
  return systemCommands[family];
}
