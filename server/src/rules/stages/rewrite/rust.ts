import type { Command } from '../../../model/command.ts';
import { resolvePath } from '../../../model/copy.ts';
import type { Stage } from '../../../model/stage.ts';
import { isWithin, outsideCopies, runTimeFiles } from './assets.ts';
import { leftBehind } from './obstacles.ts';
import { declined, type Ecosystem, numericUser, type Recognition, type StageCopy } from './plan.ts';
import { noStarter, startedProgram, starterOf, withoutShell } from './start.ts';

/** Crates that link a library of the system, by the name of the library. */
const linkedLibraries: Readonly<Record<string, string>> = {
  'openssl-sys': 'OpenSSL',
  'pq-sys': 'libpq',
  'mysqlclient-sys': 'libmysqlclient',
  'libsqlite3-sys': 'SQLite',
  'rdkafka-sys': 'librdkafka',
  'curl-sys': 'libcurl',
  'libgit2-sys': 'libgit2',
  'alsa-sys': 'ALSA',
  'gtk-sys': 'GTK',
  'glib-sys': 'GLib',
  'libdbus-sys': 'D-Bus',
  'libudev-sys': 'udev',
  'libz-sys': 'zlib',
  'bzip2-sys': 'bzip2',
  'lzma-sys': 'liblzma',
  'ffmpeg-sys-next': 'FFmpeg',
  opencv: 'OpenCV',
  'pyo3-ffi': 'Python',
  'libsodium-sys': 'libsodium',
  'zmq-sys': 'ZeroMQ',
};
/** Crates of that kind that compile the library themselves unless told otherwise, or when one of these is with them. */
const bundledBy: Readonly<Record<string, string | undefined>> = {
  'openssl-sys': 'openssl-src',
  'zmq-sys': 'zeromq-src',
};
const bundlesItself: readonly string[] = ['rdkafka-sys', 'libgit2-sys', 'bzip2-sys'];

/** A program written in Rust: the binary, the C library, and the files it opens. */
export const rust: Ecosystem = {
  name: 'Rust',
  ships: 'the Rust toolchain, the source code and all that cargo compiled on the way',
  buildCommand: (stage) =>
    stage.rootBase.facts?.repository === 'rust' ? stage.commands('cargo', 'build', 'install', 'b').at(-1) : undefined,
  plan,
};

function plan(stage: Stage): Recognition {
  const { context } = stage.dockerfile;
  const starter = starterOf(stage);
  if (!starter) return declined(noStarter);
  const started = startedProgram(starter);
  if (!started) return declined('CMD does more than to start one program');
  if (started === 'cargo')
    return declined('the program is compiled when the container starts (cargo run); build it first');
  const workdir = stage.workdirAt('end');
  if (workdir === undefined) return declined('the working directory can’t be told');
  const build = rust.buildCommand(stage)!;
  const program = programPath(stage, started, workdir);
  if (program === undefined) return declined(`CMD starts ${started}, but the build does not write it there`);
  const library = linkedLibrary(stage);
  if (library) return declined(library);
  const isMusl = stage.rootBase.facts!.libc === 'musl';
  const targets = stage.commands('cargo', 'build', 'install', 'b').map((each) => each.optionValue('--target'));
  const flags = `${stage.envAt(build.run.instruction).get('RUSTFLAGS')?.value ?? ''} ${stage.dockerfile.slice(build.range)} ${context?.read('.cargo/config.toml') ?? ''}`;
  if (/crt-static/.test(flags)) return declined('flags decide how the C library is linked (crt-static)');
  const hasTarget = targets.some((target) => target !== undefined) || build.optionWord('--target') !== undefined;
  if (
    hasTarget &&
    !targets.every((target) => target !== undefined && /^(?:x86_64|aarch64)-unknown-linux-(?:gnu|musl)$/.test(target))
  )
    return declined('which system the program is built for can’t be told');
  const isStatic = hasTarget ? targets.every((target) => target!.endsWith('musl')) : isMusl;
  const lastBuildStep = stage.runs.at(-1)!.instruction;
  const assets = runTimeFiles(stage, lastBuildStep, workdir, (path) => sourceOnly.test(path));
  if (assets === undefined) return declined('which files beside the source code are needed at run time can’t be told');
  const outside = outsideCopies(stage, lastBuildStep, workdir, (path) =>
    /^\/(?:root\/\.(?:cargo|ssh)|usr\/local\/cargo|tmp)(?:\/|$)/.test(path),
  );
  if (typeof outside === 'string') return declined(outside);
  const isBare = !started.includes('/');
  const copies: StageCopy[] = [
    { from: program, to: isBare ? `/usr/local/bin/${started}` : program },
    ...siblings(stage, program).map((path) => ({
      from: path,
      to: isBare ? `/usr/local/bin/${path.split('/').pop()}` : path,
    })),
    ...assets.filter((path) => !isWithin(program, path)).map((path) => ({ from: path, to: path })),
    ...outside,
  ];
  const image = isStatic ? 'gcr.io/distroless/static-debian13:nonroot' : 'gcr.io/distroless/cc-debian13:nonroot';
  const leaving = { isBuildTool: isRustTool, kept: copies.map((copy) => copy.from), image };
  const reason = leftBehind(stage, leaving);
  if (reason) return declined(reason);
  const edits = withoutShell(stage, lastBuildStep);
  // A shell form that can't be put into JSON form needs an image with a shell; its C library is not older than Rust's.
  const withShell = 'debian:trixie-slim';
  const leftWithShell = edits ? undefined : leftBehind(stage, { ...leaving, image: withShell });
  if (leftWithShell) return declined(leftWithShell);
  return {
    kind: 'plan',
    plan: {
      image: edits ? image : withShell,
      user: edits ? undefined : numericUser,
      lastBuildStep,
      copies,
      isBuildVariable: (name) => /^(?:CARGO_|RUSTFLAGS$|RUSTUP_|RUSTC|SQLX_OFFLINE$|CC$|PKG_CONFIG)/.test(name),
      edits: edits ?? [],
      assumes: [
        ...(context
          ? []
          : [`that it needs only its ${assets.length > 0 ? 'files' : 'binary'}${isStatic ? '' : ' and libc'}`]),
        ...(edits ? [] : ['that it needs no CA certificates']),
      ],
    },
  };
}

function isRustTool(command: Command): boolean {
  return (
    (command.name === 'cargo' && command.subcommand !== 'run') ||
    ['rustup', 'rustc', 'strip', 'upx'].includes(command.name)
  );
}

/** Where the binary lies that starts, as an absolute path; undefined when no command of the build writes it there. */
function programPath(stage: Stage, word: string, workdir: string): string | undefined {
  const installs = stage.commands('cargo', 'install');
  if (!word.includes('/')) {
    const own = installs.find((each) => each.optionWord('--path'));
    if (own && !own.optionWord('--root')) return `/usr/local/cargo/bin/${word}`;
    return copiedTo(stage, `/usr/local/bin/${word}`) ? `/usr/local/bin/${word}` : undefined;
  }
  const path = resolvePath(workdir, word);
  if (path === undefined) return undefined;
  if (installs.length > 0 && path.startsWith('/usr/local/cargo/bin/')) return path;
  const isBuilt = stage.commands('cargo', 'build', 'b').some((build) => {
    const folder = stage.workdirAt(build.run.instruction);
    const target =
      build.optionValue('--target-dir') ?? stage.envAt(build.run.instruction).get('CARGO_TARGET_DIR')?.value;
    const output = folder === undefined ? undefined : resolvePath(folder, target ?? 'target');
    if (output === undefined || build.run.mountAt(output)) return false;
    return isWithin(path, output) && /\/(?:release|debug|[\w-]+)\/[\w-]+$/.test(path.slice(output.length));
  });
  return isBuilt || copiedTo(stage, path) ? path : undefined;
}

/** Whether a `cp`, `mv` or `install` of the build puts something of its target folder at that path. */
function copiedTo(stage: Stage, path: string): boolean {
  return stage.runs.some((run) =>
    run.commands.some((command) => {
      if (!['cp', 'mv', 'install'].includes(command.name)) return false;
      const operands = command.args.filter((each) => !each.text.startsWith('-'));
      const [from, to] = operands.slice(-2).map((each) => each.value);
      if (from === undefined || to === undefined || !/(?:^|\/)(?:release|debug)\/[\w-]+$/.test(from)) return false;
      const target = resolvePath(stage.workdirAt(run.instruction), to);
      return (
        target === path || (target !== undefined && `${target.replace(/\/$/, '')}/${from.split('/').pop()}` === path)
      );
    }),
  );
}

/** Other programs of the same package, which the one that starts may call. */
function siblings(stage: Stage, program: string): string[] {
  const { context } = stage.dockerfile;
  if (!context || !/\/(?:release|debug|cargo\/bin)\/[\w-]+$/.test(program)) return [];
  const manifest = context.read('Cargo.toml') ?? '';
  const declared = [...manifest.matchAll(/^\[\[bin\]\]\s*(?:\n(?!\[).*)*?\nname\s*=\s*"([\w-]+)"/gm)].map(
    (match) => match[1]!,
  );
  const found = context.files.flatMap((file) => /^src\/bin\/([\w-]+)(?:\.rs|\/main\.rs)$/.exec(file)?.[1] ?? []);
  const folder = program.slice(0, program.lastIndexOf('/') + 1);
  return [...new Set([...declared, ...found])].map((name) => folder + name).filter((path) => path !== program);
}

/** Why the binary would not start without a library of the build's image; undefined when nothing tells so. */
function linkedLibrary(stage: Stage): string | undefined {
  const { context } = stage.dockerfile;
  const lock = context?.read('Cargo.lock');
  const manifest = context?.read('Cargo.toml') ?? '';
  const names = new Set([...(lock ?? '').matchAll(/^name = "([^"]+)"/gm)].map((match) => match[1]!));
  if (lock === undefined) for (const [, name] of manifest.matchAll(/^([\w-]+)\s*=/gm)) names.add(name!);
  if (lock === undefined && /^(?:openssl|native-tls|diesel|rusqlite|reqwest)\s*=/m.test(manifest))
    return 'which C libraries the program needs can’t be told without Cargo.lock';
  for (const name of names) {
    if (!Object.hasOwn(linkedLibraries, name) || bundlesItself.includes(name)) continue;
    const bundle = bundledBy[name];
    if (bundle !== undefined && names.has(bundle)) continue;
    if (name === 'libsqlite3-sys' && /(?:rusqlite|libsqlite3-sys)\b.*\bbundled|^sqlx\b/m.test(manifest)) continue;
    return `the program needs ${linkedLibraries[name]} at run time (${name})`;
  }
  return undefined;
}

const sourceOnly =
  /(?:\.rs|\.md|\.proto|_test\.\w+)$|^(?:src|target|crates|benches|tests?|examples?|docs?|scripts?|\.git|\.github|\.cargo|\.sqlx|\.vscode|\.idea)\/|(?:^|\/)(?:Cargo\.(?:toml|lock)|rust-toolchain\S*|rustfmt\.toml|clippy\.toml|deny\.toml)$|^(?:Dockerfile|Containerfile|Makefile|justfile|LICENSE|NOTICE|docker-compose|compose|\.)/i;
