/** Shapes of the collected data files, as far as the generator reads them. */
export interface OfficialImages {
  readonly archSets: readonly string[];
  readonly meta: { readonly date: string };
  readonly images: Readonly<Record<string, OfficialImage>>;
}

export interface OfficialImage {
  readonly deprecated?: { readonly since: string | null; readonly replace: readonly string[]; readonly note: string };
  readonly entries: readonly OfficialEntry[];
}

export interface OfficialEntry {
  readonly t: readonly string[];
  /** Position in `archSets`. */
  readonly a: number;
  readonly s?: readonly string[];
  readonly r?: string;
  readonly u?: string;
  readonly c?: readonly string[];
  readonly e?: readonly string[];
  readonly q: 'exact' | 'head' | 'shape' | 'oci' | 'none';
}

export interface RetiredTags {
  readonly removedImages: Readonly<Record<string, string>>;
  readonly removedReplace: Readonly<Record<string, readonly string[]>>;
  readonly retired: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly versionFirstSeen: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface EndOfLife {
  readonly meta: { readonly date: string };
  readonly images: Readonly<Record<string, { readonly product: string; readonly re: string }>>;
  readonly distroless: Readonly<Record<string, unknown>>;
  readonly products: Readonly<Record<string, { readonly title: string; readonly cycles: readonly Cycle[] }>>;
}

export interface Cycle {
  readonly c: string;
  readonly n?: string;
  readonly rel?: string;
  readonly eoas?: string | boolean;
  readonly eol: string | boolean;
  readonly eoes?: string | boolean;
  readonly lts?: string | boolean;
}

export interface Sizes {
  readonly images: Readonly<
    Record<string, Readonly<Record<string, { readonly b: number; readonly d: string | null }>>>
  >;
}

export interface Tools {
  readonly commands: readonly string[];
  readonly profiles: Readonly<
    Record<string, { readonly has: readonly string[]; readonly alsoHas?: readonly string[]; readonly conf?: string }>
  >;
  readonly aptBrings: Readonly<Record<string, { readonly brings: readonly string[] }>>;
  readonly pkgCommands: Readonly<Record<'deb' | 'apk', Readonly<Record<string, readonly string[]>>>>;
  readonly commandToPackage: Readonly<Record<string, Readonly<Record<'deb' | 'apk' | 'rpm', string | null>>>>;
  readonly baseCommandLists: Readonly<Record<string, readonly string[]>>;
  readonly lacksOnSuite: {
    readonly suites: readonly string[];
    readonly commands: readonly string[];
    readonly profiles: readonly string[];
  };
  readonly tagToProfile: Readonly<Record<string, ReadonlyArray<readonly [re: string, profile: string]>>>;
}

export interface Variants {
  readonly images: Readonly<Record<string, { readonly ladder: readonly LadderStep[] }>>;
}

export interface LadderStep {
  readonly variant: string;
  readonly example: string;
  readonly risk: string;
  readonly note?: string;
}

export interface Users {
  readonly images: Readonly<Record<string, ImageUsers>>;
  readonly curated: Readonly<Record<string, CuratedUser>>;
}

export interface ImageUsers {
  readonly default: Readonly<Record<string, number>>;
  readonly creates?: ReadonlyArray<{ readonly name: string; readonly uid: number | null; readonly on: string }>;
  readonly drops?: readonly string[];
}

export interface CuratedUser {
  readonly user: string | null;
  readonly uid: number | null;
  readonly uidAlpine?: number;
  readonly gid?: number;
  readonly home?: string;
  readonly use: string;
}

export interface Registries {
  readonly dotnet: {
    readonly tags: Readonly<
      Record<string, Readonly<Record<string, { readonly os: string; readonly user: string | null }>>>
    >;
  };
  readonly distroless: { readonly images: ReadonlyArray<{ readonly image: string; readonly tags: readonly string[] }> };
  readonly chainguard: {
    readonly images: Readonly<
      Record<
        string,
        {
          readonly runAs: string;
          readonly entry: string | null;
          readonly cmd: string | null;
          readonly shell: readonly string[];
          readonly apk: boolean;
        }
      >
    >;
  };
}
