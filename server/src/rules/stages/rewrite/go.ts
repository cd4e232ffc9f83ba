import type { Command } from '../../../model/command.ts';
import type { BuildContext } from '../../../model/context.ts';
import { resolvePath } from '../../../model/copy.ts';
import type { Stage } from '../../../model/stage.ts';
import { outsideCopies, runTimeFiles } from './assets.ts';
import { leftBehind } from './obstacles.ts';
import { declined, type Ecosystem, factsOf, numericUser, type Recognition, type StageCopy } from './plan.ts';
import { literalWords, needsShell, noStarter, starterOf, withoutShell } from './start.ts';

/** Modules that compile C code; a binary with one of them needs more than the C library, or a static build by hand. */
const cgoModules =
  /^(?:github\.com\/(?:mattn\/go-sqlite3|confluentinc\/confluent-kafka-go|h2non\/bimg|libgit2\/git2go|go-gl\/|gographics\/imagick|davidbyttow\/govips|pebbe\/zmq4|tecbot\/gorocksdb)\S*)\s/m;

/** Most source files that are looked into for C code. */
const mostGoFiles = 500;

/** A program written in Go: all that it needs is the binary and the files it opens. */
export const go: Ecosystem = {
  name: 'Go',
  ships: 'the Go toolchain and the source code',
  buildCommand: (stage) =>
    stage.rootBase.facts?.repository === 'golang' ? [...stage.commands('go', 'build', 'install')].at(-1) : undefined,
  plan,
};

function plan(stage: Stage): Recognition {
  const { context } = stage.dockerfile;
  const builds = stage.commands('go', 'build', 'install');
  const starter = starterOf(stage);
  if (!starter) return declined(noStarter);
  const words = literalWords(starter);
  if (!words?.[0]) return declined(needsShell);
  if (words[0] === 'go') return declined('the program is compiled when the container starts (go run); build it first');
  const workdir = stage.workdirAt('end');
  if (workdir === undefined) return declined('the working directory can’t be told');
  const program = words[0].includes('/') ? resolvePath(workdir, words[0]) : binPath(builds.at(-1), words[0]);
  const outputs = builds.map((build) => outputOf(build, program));
  if (program === undefined || outputs.includes(undefined))
    return declined('where the binary is written can’t be told');
  if (!outputs.includes(program)) return declined(`CMD starts ${words[0]}, but the build does not write it there`);
  const isStatic = builds.every(isBuiltStatic);
  if (context && !isStatic && context.files.filter((file) => file.endsWith('.go')).length > mostGoFiles)
    return declined('whether the program contains C code (cgo) can’t be told in a project of this size');
  if (
    context &&
    !isStatic &&
    (cgoModules.test(context.read('go.sum') ?? '') || context.files.some((file) => usesC(file, context)))
  ) {
    return declined('the program contains C code (cgo) and may need shared libraries');
  }
  const facts = stage.rootBase.facts!;
  const isMusl = facts.libc === 'musl';
  const hasShell = isMusl && !isStatic;
  const image = isStatic
    ? 'gcr.io/distroless/static-debian13:nonroot'
    : isMusl
      ? // Of an older golang image it is not known which Alpine it has; a newer musl runs what an older one linked.
        `alpine:${facts.release ?? factsOf('alpine')?.release ?? 'latest'}`
      : 'gcr.io/distroless/base-debian13:nonroot';
  const lastBuildStep = stage.runs.at(-1)!.instruction;
  const assets = runTimeFiles(stage, lastBuildStep, workdir, (path) => sourceOnly.test(path));
  if (assets === undefined) return declined('which files beside the source code are needed at run time can’t be told');
  const outside = outsideCopies(stage, lastBuildStep, workdir, isBuildOnly);
  if (typeof outside === 'string') return declined(outside);
  const copies: StageCopy[] = [...new Set(outputs as string[])].map((path) => ({
    from: path,
    // The final image does not look into /go/bin; a program started by its bare name goes where it does look.
    to: path === program && !words[0]!.includes('/') ? `/usr/local/bin/${words[0]}` : path,
  }));
  copies.push(...assets.map((path) => ({ from: path, to: path })), ...outside);
  const reason = leftBehind(stage, { isBuildTool: isGoTool, kept: copies.map((copy) => copy.from), image });
  if (reason) return declined(reason);
  const edits = hasShell ? [] : withoutShell(stage, lastBuildStep);
  if (!edits) return declined(needsShell);
  return {
    kind: 'plan',
    plan: {
      image,
      user: hasShell ? numericUser : undefined,
      lastBuildStep,
      copies,
      isBuildVariable: (name) => /^(?:GO|CGO_)/.test(name),
      edits,
      assumes: context
        ? []
        : [`that it needs only its ${assets.length > 0 ? 'files' : 'binary'}${isStatic ? '' : ' and libc'}`],
    },
  };
}

/** Places outside of the project that only the build looks at. */
function isBuildOnly(path: string): boolean {
  return /^\/(?:go|root\/(?:\.ssh|\.config|\.netrc|\.gitconfig)|etc\/ssl|tmp)(?:\/|$)/.test(path);
}

function isGoTool(command: Command): boolean {
  return (
    (command.name === 'go' && command.subcommand !== 'run') ||
    ['gofmt', 'golint', 'golangci-lint', 'upx', 'strip'].includes(command.name)
  );
}

/** Absolute path of what `go build` or `go install` writes; undefined when it can't be told. */
function outputOf(build: Command, program: string | undefined): string | undefined {
  const workdir = build.stage.workdirAt(build.run.instruction);
  const target = build.operands[1]?.value;
  const name =
    target && !/^\.{1,2}\/?$|\.\.\.$/.test(target)
      ? target.replace(/\/$/, '').replace(/\.go$/, '').split('/').pop()
      : moduleName(build.stage);
  if (build.subcommand === 'install') return name ? binPath(build, name) : program;
  const output = build.optionValue('-o');
  if (output === undefined && build.optionWord('-o')) return undefined;
  if (output !== undefined) {
    const path = resolvePath(workdir, output);
    return path?.endsWith('/') ? (name ? path + name : undefined) : path;
  }
  if (name) return resolvePath(workdir, name);
  // Without go.mod the name of the module is not known; what CMD starts from the folder of the build is the binary.
  return program !== undefined && program.slice(0, program.lastIndexOf('/')) === workdir ? program : undefined;
}

/** Where `go install` puts a program; undefined when variables decide that and can't be told. */
function binPath(build: Command | undefined, name: string): string | undefined {
  if (!build) return undefined;
  const own = build.shell.assignments.find((assignment) => /^GO(?:BIN|PATH)$/.test(assignment.name));
  if (own || build.shell.wrappers.some((word) => /^GO(?:BIN|PATH)=/.test(word.text))) return undefined;
  const environment = build.stage.envAt(build.run.instruction);
  const folder = environment.get('GOBIN');
  const workspace = environment.get('GOPATH');
  const path = folder ? folder.value : workspace ? workspace.value && `${workspace.value}/bin` : '/go/bin';
  return path?.startsWith('/') && !path.includes(':') ? resolvePath(undefined, `${path}/${name}`) : undefined;
}

function moduleName(stage: Stage): string | undefined {
  const line = /^module\s+(\S+)/m.exec(stage.dockerfile.context?.read('go.mod') ?? '')?.[1];
  return line
    ?.replace(/\/v\d+$/, '')
    .split('/')
    .pop();
}

function isBuiltStatic(build: Command): boolean {
  const own = build.shell.assignments.find((assignment) => assignment.name === 'CGO_ENABLED');
  const wrapped = build.shell.wrappers.some((word) => word.value === 'CGO_ENABLED=0');
  if (own || wrapped) return wrapped || own?.value === '0';
  return build.stage.envAt(build.run.instruction).get('CGO_ENABLED')?.value === '0';
}

function usesC(path: string, context: BuildContext): boolean {
  return path.endsWith('.go') && !path.startsWith('vendor/') && /^import\s+"C"$/m.test(context.read(path) ?? '');
}

const sourceOnly =
  /(?:\.go|\.mod|\.sum|\.md|\.proto|\.work|_test\.\w+)$|^(?:vendor|\.git|\.github|docs?|test|tests|testdata|internal|pkg|cmd|api|scripts?|hack|\.vscode|\.idea|build|examples?)\/|^(?:Dockerfile|Containerfile|Makefile|LICENSE|NOTICE|Taskfile|docker-compose|compose|\.)/i;
