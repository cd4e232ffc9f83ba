import { styleText } from 'node:util';
import { version } from '../lint/version.ts';
import { today } from '../lsp/host.ts';
import type { TextStyle } from '../report/index.ts';
import { cleanText } from '../scan/untrusted.ts';
import { type Command, exitCodes, InterruptedError, type Io, TroubleError, UsageError } from './command.ts';
import { fixCommand } from './fix.ts';
import { layersCommand } from './layers.ts';
import { lintCommand } from './lint.ts';
import { rulesCommand } from './rules.ts';
import { scanCommand } from './scan.ts';

const commands: readonly Command[] = [lintCommand, fixCommand, rulesCommand, scanCommand, layersCommand];

const help = `Usage: plimsoll COMMAND [OPTION]…

Keeps container images small and safe while their Dockerfiles are being written.

${commands.map(({ name, summary }) => `  plimsoll ${name.padEnd(6)} ${summary}`).join('\n')}

  plimsoll COMMAND --help  the command's options
  plimsoll --version       the version
`;

async function main(args: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = args;
  if (name === '--version' || name === '-v') {
    io.write(`${version}\n`);
    return exitCodes.clean;
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    io.write(commands.find((command) => command.name === rest[0])?.help ?? help);
    return exitCodes.clean;
  }
  if (name === undefined) {
    io.writeError(help);
    return exitCodes.failed;
  }
  const command = commands.find((each) => each.name === name);
  if (!command) {
    io.writeError(
      `plimsoll: there is no command "${name}"; there are ${commands.map((each) => each.name).join(', ')}.\n`,
    );
    return exitCodes.failed;
  }
  try {
    return await command.run(rest, io);
  } catch (error) {
    if (error instanceof InterruptedError || error instanceof TroubleError) {
      io.writeError(`plimsoll ${command.name}: ${cleanText(error.message)}\n`);
      return error instanceof InterruptedError ? error.exitCode : exitCodes.failed;
    }
    if (!isUsageError(error)) throw error;
    io.writeError(
      `plimsoll ${command.name}: ${cleanText(error.message)}\nplimsoll ${command.name} --help tells more.\n`,
    );
    return exitCodes.failed;
  }
}

/** Ours, or one of node:util's parseArgs. */
function isUsageError(error: unknown): error is Error {
  if (error instanceof UsageError) return true;
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_');
}

const styles: Record<TextStyle, Parameters<typeof styleText>[0]> = {
  error: 'red',
  warning: 'yellow',
  info: 'blue',
  hint: 'cyan',
  path: 'underline',
  faint: 'dim',
  strong: 'bold',
};

const useColours = process.env.FORCE_COLOR
  ? process.env.FORCE_COLOR !== '0'
  : process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';

// A reader such as `head` may close the pipe early: that is no failure, and changes no verdict.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return;
  process.stderr.write(`plimsoll: The output can't be written: ${error.message}\n`);
  process.exit(exitCodes.failed);
});

main(process.argv.slice(2), {
  cwd: process.cwd(),
  today: today(),
  stdin: process.stdin,
  write: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
  style: (kind, text) => (useColours ? styleText(styles[kind], text) : text),
}).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`plimsoll: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = exitCodes.failed;
  },
);
