import type { Instruction } from '../syntax/instruction.ts';
import { parseShell, type ShellScript } from '../syntax/shell.ts';
import type { Range } from '../text/range.ts';
import { Command } from './command.ts';
import { type PackageUse, packageUse } from './packages.ts';
import type { Stage } from './stage.ts';

/** The shell that runs the shell form. */
export interface EffectiveShell {
  /** `posix` is `/bin/sh`, whatever it is. */
  readonly dialect: 'posix' | 'bash' | 'ash' | 'zsh' | 'cmd' | 'powershell' | 'unknown';
  readonly pipefail: boolean;
  readonly errexit: boolean;
  /** The words of SHELL; undefined for the default. */
  readonly words: readonly string[] | undefined;
  /** The SHELL instruction that sets it. */
  readonly source: Instruction | undefined;
}

/** A `--mount` of a RUN. */
export interface Mount {
  /** `bind` when none is written. */
  readonly type: string;
  readonly target: string | undefined;
  readonly id: string | undefined;
  readonly from: string | undefined;
  readonly options: Readonly<Record<string, string>>;
  readonly range: Range;
}

/**
 * How a RUN names its work: `shell` (a command line), `exec` (JSON form), `heredoc` (the body is a shell script),
 * `foreign` (a heredoc for another program, as `RUN python3 <<EOF`).
 */
export type RunForm = 'shell' | 'exec' | 'heredoc' | 'foreign';

/** A RUN instruction (also one inside ONBUILD). */
export class Run {
  readonly instruction: Instruction;
  readonly stage: Stage;
  readonly form: RunForm;
  readonly mounts: readonly Mount[];
  readonly network: string | undefined;
  readonly security: string | undefined;
  /** Where the script stands: the arguments, or the heredoc's body. */
  readonly scriptRange: Range;
  /** The shell that a heredoc names for itself (`RUN <<EOF bash`, a shebang), as a word; SHELL then has no part in it. */
  readonly interpreter: string | undefined;

  #script: ShellScript | undefined | null = null;
  #commands: readonly Command[] | undefined;
  #packageUses: readonly PackageUse[] | undefined;

  constructor(instruction: Instruction, stage: Stage) {
    this.instruction = instruction;
    this.stage = stage;
    const value = (name: string): string | undefined => instruction.flags.find((flag) => flag.name === name)?.value;
    this.mounts = instruction.flags
      .filter((flag) => flag.name === 'mount')
      .map((flag) => readMount(flag.value ?? '', flag.range));
    this.network = value('network');
    this.security = value('security');
    const { form, range, interpreter } = this.#readForm();
    this.form = form;
    this.scriptRange = range;
    this.interpreter = interpreter;
  }

  /** The shell in force here. */
  get shell(): EffectiveShell {
    return this.stage.shellAt(this.instruction);
  }

  /**
   * The parsed script; undefined for the exec form and for shells other than POSIX ones. The text of a program fed by a
   * heredoc is not part of it.
   */
  get script(): ShellScript | undefined {
    if (this.#script === null) this.#script = this.#parse();
    return this.#script;
  }

  /**
   * All commands, nested ones included. The exec form counts as one command. Empty when the shell is not a POSIX one.
   */
  get commands(): readonly Command[] {
    this.#commands ??= (this.script ?? this.#execScript())?.commands.map((command) => new Command(this, command)) ?? [];
    return this.#commands;
  }

  /** What it does with package managers, in order. */
  get packageUses(): readonly PackageUse[] {
    this.#packageUses ??= this.commands.flatMap((command) => packageUse(command) ?? []);
    return this.#packageUses;
  }

  get installs(): readonly PackageUse[] {
    return this.packageUses.filter((use) => use.action === 'install');
  }

  /** Text of the script: what the shell reads. Continuations and comments of the Dockerfile are blanks in it. */
  get scriptText(): string {
    return this.scriptRange === this.instruction.argsRange ? this.instruction.argsText : this.#text(this.scriptRange);
  }

  /** Whether a `rm` or `find` of the script names a path that matches; also one that a variable or `sh -c` carries. */
  removes(path: RegExp): boolean {
    const { scriptText } = this;
    return [...scriptText.matchAll(/\b(?:rm|find)\s[^;&|\r\n]*/g)].some(([text]) => path.test(text));
  }

  /**
   * Whether a cache, tmpfs or bind mount stands at a path that matches: what is written there stays out of the layer. A
   * path with a variable may be any.
   */
  hasMountMatching(path: RegExp): boolean {
    const mounts = this.mounts.filter((mount) => ['cache', 'tmpfs', 'bind'].includes(mount.type));
    return mounts.some(({ target = '' }) => path.test(target) || target.includes('$'));
  }

  /** Whether a cache, tmpfs or other mount covers the path or a folder above it. */
  mountAt(path: string): Mount | undefined {
    return this.mounts.find((mount) => {
      const target = mount.target?.replace(/\/+$/, '');
      return target !== undefined && (path === target || path.startsWith(`${target}/`));
    });
  }

  #readForm(): { form: RunForm; range: Range; interpreter?: string | undefined } {
    const { instruction } = this;
    if (instruction.json) return { form: 'exec', range: instruction.argsRange };
    const [heredoc] = instruction.heredocs;
    if (!heredoc) return { form: 'shell', range: instruction.argsRange };
    const operators = new Set(instruction.heredocs.map((each) => each.operatorRange.start));
    const others = instruction.words.filter((word) => !operators.has(word.range.start));
    const opensFirst = instruction.words[0]?.range.start === heredoc.operatorRange.start;
    if (opensFirst && others.length === 0 && instruction.heredocs.length === 1) {
      const body = this.#text(heredoc.bodyRange);
      const shebang = /^#!\s*(\S+)(?:\s+(\S+))?/.exec(body);
      const program = shebang?.[1]?.endsWith('/env') ? shebang[2] : shebang?.[1];
      const isShell = program === undefined || /(?:^|\/)(?:sh|bash|ash|dash|zsh|ksh)$/.test(program);
      return {
        form: isShell ? 'heredoc' : 'foreign',
        range: heredoc.bodyRange,
        interpreter: program?.split('/').pop(),
      };
    }
    const program = others.map((word) => word.value);
    if (
      instruction.heredocs.length === 1 &&
      program.length > 0 &&
      /^(?:\/bin\/|\/usr\/bin\/)?(?:sh|bash|ash)$/.test(program[0]!)
    ) {
      const plain = program.slice(1).every((word) => /^-[a-zA-Z]+$|^pipefail$/.test(word));
      if (plain) return { form: 'heredoc', range: heredoc.bodyRange, interpreter: program[0]!.split('/').pop() };
    }
    return { form: others.length > 0 ? 'foreign' : 'heredoc', range: instruction.argsRange };
  }

  #parse(): ShellScript | undefined {
    const { dialect } = this.shell;
    if (this.form === 'exec' || dialect === 'cmd' || dialect === 'powershell' || dialect === 'unknown')
      return undefined;
    const { instruction } = this;
    if (this.form === 'heredoc' && this.scriptRange !== instruction.argsRange) {
      return parseShell(this.#text(this.scriptRange), this.scriptRange.start);
    }
    // A program fed by a heredoc: the words that open heredocs are blanked, their bodies are not the shell's.
    let text = instruction.argsText;
    for (const { operatorRange } of instruction.heredocs) {
      const from = operatorRange.start - instruction.argsRange.start;
      const to = operatorRange.end - instruction.argsRange.start;
      if (from >= 0) text = text.slice(0, from) + ' '.repeat(to - from) + text.slice(to);
    }
    return parseShell(text, instruction.argsRange.start);
  }

  #execScript(): Pick<ShellScript, 'commands'> | undefined {
    const { json } = this.instruction;
    if (!json || json.items.length === 0) return undefined;
    const words = json.items.map((item) => ({ text: item.value, value: item.value, range: item.range, quoted: true }));
    const [nameWord, ...args] = words;
    return {
      commands: [
        {
          name: nameWord!.value.split('/').pop() ?? '',
          nameWord,
          args,
          assignments: [],
          redirects: [],
          range: json.range,
          wrappers: [],
          within: [],
          unconditional: true,
        },
      ],
    };
  }

  #text(range: Range): string {
    return this.stage.dockerfile.text.slice(range.start, range.end);
  }
}

function readMount(text: string, range: Range): Mount {
  const options: Record<string, string> = {};
  for (const part of text.split(',')) {
    const equals = part.indexOf('=');
    const name = (equals < 0 ? part : part.slice(0, equals)).trim().toLowerCase();
    if (name !== '') options[name] = equals < 0 ? 'true' : part.slice(equals + 1).replace(/^"(.*)"$/, '$1');
  }
  return {
    type: options['type'] ?? 'bind',
    target: options['target'] ?? options['dst'] ?? options['destination'],
    id: options['id'],
    from: options['from'],
    options,
    range,
  };
}

/** What a SHELL instruction's words mean. */
export function readShell(words: readonly string[], source: Instruction): EffectiveShell {
  const program = (words[0] ?? '')
    .toLowerCase()
    .replaceAll('\\', '/')
    .split('/')
    .pop()!
    .replace(/\.exe$/, '');
  const dialects: Readonly<Record<string, EffectiveShell['dialect']>> = {
    sh: 'posix',
    dash: 'posix',
    bash: 'bash',
    ash: 'ash',
    busybox: 'ash',
    zsh: 'zsh',
    ksh: 'bash',
    cmd: 'cmd',
    powershell: 'powershell',
    pwsh: 'powershell',
  };
  const options = words.slice(1);
  const cluster = options.filter((word) => /^-[a-zA-Z]+$/.test(word)).join('');
  return {
    dialect: Object.hasOwn(dialects, program) ? dialects[program]! : 'unknown',
    pipefail: options.includes('pipefail'),
    errexit: cluster.includes('e') || options.includes('errexit'),
    words,
    source,
  };
}
