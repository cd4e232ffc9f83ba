import { createHash } from 'node:crypto';

/** A layer of a constructed image and what a scan is to find in it. */
export interface ConstructedLayer {
  /** As the image's history has it. */
  readonly createdBy: string;
  /** Uncompressed bytes; absent for an entry without a layer. */
  readonly size?: number;
  /** Numbers of critical, high, medium and low vulnerabilities; every second one has a fix. */
  readonly system?: readonly [number, number, number, number];
  readonly npm?: readonly [number, number, number, number];
  /** Path of a file with a secret. */
  readonly secret?: string;
}

export interface ConstructedImage {
  /** What Trivy says of it. */
  readonly report: object;
  /** What docker says of it. */
  readonly docker: { readonly id: string; readonly diffIds: readonly string[]; readonly history: readonly object[] };
}

const severities = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'] as const;
const libraries = ['openssl', 'glibc', 'curl', 'zlib', 'libxml2', 'imagemagick', 'python3.7', 'git', 'mariadb', 'tiff'];
const modules = ['lodash', 'minimist', 'express', 'qs', 'semver', 'ws', 'tar', 'json5', 'axios', 'follow-redirects'];

/** Makes the report of a scan whose findings have a known origin: no recorded one comes with its Dockerfile. */
export function constructScan(layers: readonly ConstructedLayer[]): ConstructedImage {
  const diffId = (index: number) => `sha256:${createHash('sha256').update(`layer ${index}`).digest('hex')}`;
  const id = `sha256:${createHash('sha256').update(JSON.stringify(layers)).digest('hex')}`;
  const solid = layers.filter(({ size }) => size !== undefined);
  const diffIds = solid.map((_, index) => diffId(index));
  const vulnerabilities = (counts: readonly number[], names: readonly string[], index: number, path?: string) =>
    counts.flatMap((count, severity) =>
      Array.from({ length: count }, (_, at) => {
        const name = names[at % names.length]!;
        // The same in every image with this layer, so that two of them can be compared.
        const number = 1000 + 1000 * index + 250 * severity + at;
        return {
          VulnerabilityID: `CVE-${2019 + (number % 7)}-${number}`,
          PkgName: name,
          InstalledVersion: `1.${index}.${at % 9}`,
          ...(at % 2 === 0 && { FixedVersion: `1.${index}.${10 + (at % 9)}` }),
          Status: at % 2 === 0 ? 'fixed' : 'affected',
          Severity: severities[severity],
          Title: `${name}: constructed finding`,
          Description: 'Made for a test; no such vulnerability exists.',
          Layer: { DiffID: diffId(index) },
          ...(path !== undefined && { PkgPath: `${path}/${name}/package.json` }),
        };
      }),
    );
  const results = solid.flatMap(({ system, npm, secret }, index) => [
    ...(system
      ? [
          {
            Target: 'example (debian 10.13)',
            Class: 'os-pkgs',
            Type: 'debian',
            Vulnerabilities: vulnerabilities(system, libraries, index),
          },
        ]
      : []),
    ...(npm
      ? [
          {
            Target: 'Node.js',
            Class: 'lang-pkgs',
            Type: 'node-pkg',
            Vulnerabilities: vulnerabilities(npm, modules, index, 'app/node_modules'),
          },
        ]
      : []),
    ...(secret === undefined
      ? []
      : [
          {
            Target: secret,
            Class: 'secret',
            Secrets: [
              {
                RuleID: 'github-pat',
                Category: 'GitHub',
                Severity: 'CRITICAL',
                Title: 'GitHub Personal Access Token',
                StartLine: 1,
                EndLine: 1,
                Match: '//registry.example.com/:_authToken=****************',
                Layer: { DiffID: diffId(index) },
              },
            ],
          },
        ]),
  ]);
  return {
    report: {
      SchemaVersion: 2,
      ArtifactName: 'example',
      ArtifactType: 'container_image',
      Metadata: {
        Size: solid.reduce((sum, { size = 0 }) => sum + size, 0),
        OS: { Family: 'debian', Name: '10.13', EOSL: true },
        ImageID: id,
        DiffIDs: diffIds,
        ImageConfig: {
          architecture: 'amd64',
          os: 'linux',
          history: layers.map(({ createdBy, size }) => ({
            created_by: createdBy,
            comment: commentOf(createdBy),
            empty_layer: size === undefined ? true : undefined,
          })),
          rootfs: { type: 'layers', diff_ids: diffIds },
          config: {},
        },
        Layers: solid.map(({ size }, index) => ({ Size: size, DiffID: diffIds[index] })),
      },
      Results: results,
    },
    docker: {
      id,
      diffIds,
      history: layers
        .map(({ createdBy, size = 0 }) => ({
          CreatedBy: createdBy,
          Comment: commentOf(createdBy) ?? '',
          Size: String(size),
        }))
        .reverse(),
    },
  };
}

/** BuildKit signs all that it does; what the classic builder made begins with the shell. */
function commentOf(createdBy: string): string | undefined {
  return createdBy.startsWith('/bin/sh') ? undefined : 'buildkit.dockerfile.v0';
}

/** The image that examples/node-shop makes: an old base with hundreds of findings, some of its own, and a secret. */
export const nodeShopLayers: readonly ConstructedLayer[] = [
  { createdBy: '/bin/sh -c #(nop) ADD file:5a1bc2 in / ', size: 114_000_000, system: [12, 60, 90, 150] },
  { createdBy: '/bin/sh -c #(nop)  CMD ["bash"]' },
  { createdBy: '/bin/sh -c apt-get update && apt-get install -y git', size: 510_000_000, system: [20, 120, 200, 160] },
  { createdBy: '/bin/sh -c #(nop)  ENV NODE_VERSION=14.21.3' },
  { createdBy: '/bin/sh -c ARCH= && curl -fsSLO node.tar.xz', size: 90_000_000 },
  { createdBy: '/bin/sh -c #(nop)  CMD ["node"]' },
  { createdBy: 'WORKDIR /app # buildkit', size: 1536 },
  { createdBy: 'COPY . . # buildkit', size: 2_400_000, secret: '/app/.npmrc' },
  { createdBy: 'RUN /bin/sh -c apt-get update # buildkit', size: 18_000_000 },
  {
    createdBy: 'RUN /bin/sh -c apt-get install -y python3 make g++ curl # buildkit',
    size: 48_000_000,
    system: [3, 12, 14, 9],
  },
  { createdBy: 'RUN /bin/sh -c apt-get clean # buildkit', size: 1024 },
  { createdBy: 'RUN /bin/sh -c npm install # buildkit', size: 61_000_000, npm: [1, 7, 11, 2] },
  { createdBy: 'RUN /bin/sh -c npm run build # buildkit', size: 900_000 },
  { createdBy: 'EXPOSE [3000/tcp]' },
  { createdBy: 'CMD ["node" "dist/server.js"]' },
];
