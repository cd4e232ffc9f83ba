import type { Command } from '../../../model/command.ts';
import { resolvePath } from '../../../model/copy.ts';
import type { Stage } from '../../../model/stage.ts';
import { replace } from '../../../text/edit.ts';
import { declined, type Ecosystem, literalWords, type Recognition, type StageCopy, staysInImage } from './plan.ts';

/** Modules that compile C code; a binary with one of them needs more than the C library, or a static build by hand. */
const cgoModules =
  /^(?:github\.com\/(?:mattn\/go-sqlite3|confluentinc\/confluent-kafka-go|h2non\/bimg|libgit2\/git2go|go-gl\/|gographics\/imagick|davidbyttow\/govips|pebbe\/zmq4|tecbot\/gorocksdb)\S*)\s/m;

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
  for (const command of stage.runs.flatMap((run) => run.commands)) {
    if (command.name === 'cd') return declined('the build changes folders with cd; use WORKDIR');
    const reason = staysInImage(command, isGoTool);
    if (reason) return declined(reason);
  }
  const builds = stage.commands('go', 'build', 'install');
  const starter = stage.lastInChain('ENTRYPOINT') ?? stage.lastInChain('CMD');
  if (!starter) return declined('there is no CMD or ENTRYPOINT that tells which program runs');
  const words = literalWords(starter);
  if (!words?.[0]) return declined('CMD needs a shell, and the final image would have none');
  if (words[0] === 'go') return declined('the program is compiled when the container starts (go run); build it first');
  if (stage.lastInChain('HEALTHCHECK'))
    return declined('the health check needs programs that the final image would not have');
  const workdir = stage.workdirAt('end');
  const program = words[0].includes('/') ? resolvePath(workdir, words[0]) : `/go/bin/${words[0]}`;
  const outputs = builds.map((build) => outputOf(build, program));
  if (program === undefined || outputs.includes(undefined))
    return declined('where the binary is written can’t be told');
  if (!outputs.includes(program)) return declined(`CMD starts ${words[0]}, but the build does not write it there`);
  if (
    context &&
    (cgoModules.test(context.read('go.sum') ?? '') || context.files.some((file) => usesC(file, context.read(file))))
  ) {
    return declined('the program contains C code (cgo) and may need shared libraries');
  }
  const isStatic = builds.every(isBuiltStatic);
  const facts = stage.rootBase.facts!;
  const isMusl = facts.libc === 'musl';
  if (isMusl && !isStatic && facts.release === undefined)
    return declined('which Alpine release it is built on can’t be told');
  const image = isStatic
    ? 'gcr.io/distroless/static-debian13:nonroot'
    : isMusl
      ? `alpine:${facts.release}`
      : 'gcr.io/distroless/base-debian13:nonroot';
  const assets = runtimeFiles(stage, workdir);
  if (assets === undefined) return declined('too many files beside the source code might be needed at run time');
  const copies: StageCopy[] = [...new Set(outputs as string[])].map((path) => ({
    from: path,
    // The final image does not look into /go/bin; a program started by its bare name goes where it does look.
    to: path === program && !words[0]!.includes('/') ? `/usr/local/bin/${words[0]}` : path,
  }));
  copies.push(...assets.map((path) => ({ from: path, to: path })));
  const starters = [stage.lastInChain('ENTRYPOINT'), stage.lastInChain('CMD')].filter((each) => each !== undefined);
  const shellForms = starters.filter((each) => !each.json);
  if (shellForms.some((each) => literalWords(each) === undefined))
    return declined('CMD needs a shell, and the final image would have none');
  const lastBuildStep = stage.runs.at(-1)!.instruction;
  const isBehind = (each: (typeof starters)[number]): boolean => each.range.start > lastBuildStep.range.start;
  if (!isMusl && shellForms.some((each) => !isBehind(each)))
    return declined('CMD needs a shell, and the final image would have none');
  return {
    kind: 'plan',
    plan: {
      image,
      user: isMusl && !isStatic ? '10001:10001' : undefined,
      lastBuildStep,
      buildStep: undefined,
      copies,
      isBuildVariable: (name) => /^(?:GO|CGO_)/.test(name),
      edits:
        isMusl && !isStatic
          ? []
          : shellForms.map((each) =>
              replace(each.argsRange, JSON.stringify(literalWords(each)).replaceAll('","', '", "')),
            ),
      assumes: context ? [] : ['that the program needs no file but its binary, and no C library but libc'],
    },
  };
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
  if (build.subcommand === 'install') return name ? `/go/bin/${name}` : program;
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

function usesC(path: string, text: string | undefined): boolean {
  return path.endsWith('.go') && !path.startsWith('vendor/') && /^import\s+"C"$/m.test(text ?? '');
}

const sourceOnly =
  /(?:\.go|\.mod|\.sum|\.md|\.proto|\.work|_test\.\w+)$|^(?:vendor|\.git|\.github|docs?|test|tests|testdata|internal|pkg|cmd|api|scripts?|hack|\.vscode|\.idea|build|examples?)\/|^(?:Dockerfile|Containerfile|Makefile|LICENSE|NOTICE|Taskfile|docker-compose|compose|\.)/i;

/** Top-level entries that the program may open at run time, as absolute paths; undefined when they are too many. */
function runtimeFiles(stage: Stage, workdir: string | undefined): string[] | undefined {
  const { context } = stage.dockerfile;
  if (!context || workdir === undefined) return [];
  const copied = stage.copies.filter(
    (copy) => copy.usesContext && copy.destinationPath?.replace(/\/$/, '') === workdir,
  );
  const files = copied.flatMap((copy) => (copy.copiesWholeContext ? (copy.contextFiles ?? []) : []));
  const entries = [...new Set(files.filter((file) => !sourceOnly.test(file)).map((file) => file.split('/')[0]!))];
  return entries.length > 6 ? undefined : entries.map((entry) => `${workdir === '/' ? '' : workdir}/${entry}`);
}
