/** Rules by which publishers name variants. Every result must be looked up: not each variant exists for each tag. */

const slimAtEnd = new Set(['node', 'debian', 'erlang', 'elixir', 'swift', 'oraclelinux']);
const slimBeforeSuite = new Set(['python', 'ruby', 'rust', 'perl', 'pypy', 'haskell', 'openjdk']);
const withAlpine = new Set([
  'amazoncorretto',
  'eclipse-temurin',
  'elixir',
  'erlang',
  'ghost',
  'golang',
  'gradle',
  'groovy',
  'haproxy',
  'httpd',
  'jetty',
  'maven',
  'mcr.microsoft.com/dotnet/aspnet',
  'mcr.microsoft.com/dotnet/runtime',
  'mcr.microsoft.com/dotnet/runtime-deps',
  'mcr.microsoft.com/dotnet/sdk',
  'memcached',
  'nginx',
  'node',
  'openjdk',
  'php',
  'postgres',
  'python',
  'rabbitmq',
  'redis',
  'ruby',
  'rust',
  'wordpress',
]);
const withMinimal = new Set(['almalinux', 'rockylinux']);
const withRuntime = new Set([
  'amazoncorretto',
  'azul-zulu',
  'eclipse-temurin',
  'ibm-semeru-runtimes',
  'sapmachine',
  'tomcat',
]);

const suite = '(?:trixie|bookworm|bullseye|buster|stretch|jessie|wheezy)';
const suiteAtEnd = new RegExp(`^(.*?)-?(${suite})?$`);
const system = '(?:slim|trixie|bookworm|bullseye|buster|stretch|jessie|wheezy|resolute|noble|jammy|focal|bionic)';

/** `24-bookworm` → `24-bookworm-slim`; `3.12-bookworm` → `3.12-slim-bookworm`. */
export function slimTag(repository: string, tag: string): string | undefined {
  if (/slim|alpine|windows|nanoserver/.test(tag)) return undefined;
  if (slimAtEnd.has(repository)) {
    if (tag === 'latest') return repository === 'debian' ? 'stable-slim' : 'slim';
    return `${tag}-slim`;
  }
  if (!slimBeforeSuite.has(repository)) return undefined;
  if (tag === 'latest') return 'slim';
  const [, version = '', suiteName = ''] = suiteAtEnd.exec(tag)!;
  return [version, 'slim', suiteName].filter((part) => part !== '').join('-');
}

/** `24-bookworm-slim` → `24-alpine`; `latest` → `alpine`. */
export function alpineTag(repository: string, tag: string): string | undefined {
  if (!withAlpine.has(repository) || /alpine|windows|nanoserver|ubi|al2|chiseled|azurelinux/.test(tag))
    return undefined;
  if (tag === 'latest') return 'alpine';
  const rest = tag.replace(new RegExp(`(?:^|-)${system}(?=-|$)`, 'g'), '');
  return rest === '' ? 'alpine' : `${rest}-alpine`;
}

/** `21-jdk` → `21-jre`; `21` → `21-jre`. */
export function runtimeTag(repository: string, tag: string): string | undefined {
  if (!withRuntime.has(repository) || tag.includes('jre') || tag === 'latest') return undefined;
  if (tag.includes('jdk')) return tag.replace('jdk', 'jre');
  return repository === 'tomcat' ? undefined : tag.replace(/^((?:open-)?[\w.]+(?:-b\d+)?)/, '$1-jre');
}

/** `9` → `9-minimal`. */
export function minimalTag(repository: string, tag: string): string | undefined {
  if (!withMinimal.has(repository) || tag.includes('minimal')) return undefined;
  return tag === 'latest' ? 'minimal' : `${tag}-minimal`;
}

/** Variants that a single image has, by the name the variant goes by. */
export function specialTags(repository: string, tag: string): ReadonlyArray<readonly [variant: string, tag: string]> {
  if (repository === 'nginx') {
    if (/-(?:perl|otel|slim)/.test(tag)) return [];
    if (tag.includes('alpine')) return [['alpine-slim', `${tag}-slim`]];
    return [['alpine-slim', `${alpineTag(repository, tag)}-slim`]];
  }
  if (repository === 'buildpack-deps' && !tag.endsWith('-curl')) {
    const base = tag.replace(/-scm$/, '');
    const withScm = tag.endsWith('-scm') ? [] : ([['scm', `${base}-scm`]] as const);
    return [...withScm, ['curl', `${base}-curl`]];
  }
  const dotnet = /^mcr\.microsoft\.com\/dotnet\/(?:aspnet|runtime|runtime-deps)$/.test(repository);
  const version = /^\d+\.\d+(?=$|-(?:noble|jammy|resolute|bookworm-slim)$)/.exec(tag)?.[0];
  if (dotnet && version !== undefined) {
    const release = /noble|jammy|resolute/.exec(tag)?.[0] ?? 'noble';
    return [['chiseled', `${version}-${release}-chiseled`]];
  }
  return [];
}
