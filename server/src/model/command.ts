import type { ShellCommand, ShellWord } from '../syntax/shell.ts';
import type { Range } from '../text/range.ts';
import { type GivenOption, type ReadArguments, readArguments } from './commandOptions.ts';
import type { Run } from './run.ts';
import type { Stage } from './stage.ts';

/** A command of a RUN, with the questions that rules ask about it. */
export class Command {
  readonly run: Run;
  readonly shell: ShellCommand;
  #arguments: ReadArguments | undefined;

  constructor(run: Run, shell: ShellCommand) {
    this.run = run;
    this.shell = shell;
  }

  get stage(): Stage {
    return this.run.stage;
  }

  /** `apt-get` for `sudo /usr/bin/apt-get`; empty when it can't be known. */
  get name(): string {
    return this.shell.name;
  }

  get range(): Range {
    return this.shell.range;
  }

  get args(): readonly ShellWord[] {
    return this.shell.args;
  }

  /** First argument that is no option (`install` of `apt-get -q install curl`); options that take a value are known. */
  get subcommandWord(): ShellWord | undefined {
    return this.operands[0];
  }

  get subcommand(): string | undefined {
    return this.subcommandWord?.value;
  }

  /** Where the subcommand stands; the command's name when there is none. */
  get subcommandRange(): Range {
    return (this.subcommandWord ?? this.shell.nameWord)?.range ?? this.range;
  }

  /** Arguments that are neither options nor their values, the subcommand included. */
  get operands(): readonly ShellWord[] {
    return this.#read().operands;
  }

  /**
   * Whether one of the options is there: `--yes`, also with a value (`--yes=1`); short ones also inside a cluster (`-y`
   * in `-qqy`) of tools that read clusters. What belongs to another option (`-XPOST`) and what stands behind `--` does not
   * count.
   */
  hasOption(...names: readonly string[]): boolean {
    return this.option(...names) !== undefined;
  }

  optionWord(name: string): ShellWord | undefined {
    return this.option(name)?.word;
  }

  /** The first of the options that is there; also of a whole word such as `-qq`. */
  option(...names: readonly string[]): GivenOption | undefined {
    return this.#read().options.find((option) => names.includes(option.name) || names.includes(option.word.text));
  }

  /**
   * Value of an option: `--prefix x`, `--prefix=x`, `-o x`, `-ox`, `-rmu 1000`; undefined when it is missing or not
   * literal. Of an option that the tool's table does not know, the next word.
   */
  optionValue(name: string): string | undefined {
    const option = this.option(name);
    return option?.value ?? option?.valueWord?.value;
  }

  #read(): ReadArguments {
    this.#arguments ??= readArguments(this.name, this.args);
    return this.#arguments;
  }

  /**
   * What another call of the same program has to be written with: the wrappers (`sudo -u node`), the variables that tell
   * where it keeps its files, and the program as written; undefined behind `exec`, where nothing follows.
   */
  get caller(): string | undefined {
    const { assignments, wrappers, nameWord } = this.shell;
    if (wrappers.some((word) => word.value === 'exec')) return undefined;
    const places = assignments.filter((each) => /HOME|CACHE|PREFIX|PATH|CONFIG/i.test(each.name));
    return [...places, ...wrappers]
      .map((word) => word.text)
      .concat(nameWord?.text ?? this.name)
      .join(' ');
  }

  /**
   * Whether a variable among the arguments may bring the option: its value is known and has it, or it is not known and
   * its name speaks of options (`$PIP_OPTIONS`).
   */
  mayHold(...names: readonly string[]): boolean {
    const environment = this.stage.envAt(this.run.instruction);
    return this.args.some((word) => {
      if (word.value !== undefined) return false;
      return [...word.text.matchAll(/\$\{?(\w+)/g)].some(([, name]) => {
        const value = environment.get(name!)?.value ?? this.#shellValue(name!);
        return value === undefined ? /opt|arg|flag|param/i.test(name!) : names.some((option) => value.includes(option));
      });
    });
  }

  /** What the script itself sets a variable to, when that is a literal. */
  #shellValue(name: string): string | undefined {
    const assignments = this.run.commands.flatMap((command) => command.shell.assignments);
    return assignments.find((assignment) => assignment.name === name)?.value;
  }

  /** Whether an argument holds something that only the shell can tell: a variable, a substitution, a glob. */
  get hasUnknownArguments(): boolean {
    return this.args.some((word) => word.value === undefined);
  }
}
