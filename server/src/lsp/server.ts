import { createConnection } from 'vscode-languageserver/node';
import { version } from '../lint/version.ts';
import { allRules } from '../rules/index.ts';
import { LanguageServer } from './languageServer.ts';
import { createNodeHost } from './nodeHost.ts';

const usage = `Usage: plimsoll-language-server --stdio | --node-ipc | --socket=PORT | --pipe=NAME

The Plimsoll language server for Dockerfiles. Editors start it; it speaks the Language Server Protocol.
`;

const args = process.argv.slice(2);
if (args.includes('--help')) process.stdout.write(usage);
else if (args.includes('--version')) process.stdout.write(`${version}\n`);
else if (!args.some((arg) => /^--(?:stdio|node-ipc|socket|pipe)\b/.test(arg))) {
  process.stderr.write(usage);
  process.exitCode = 2;
} else {
  const connection = createConnection();
  // A fault in one place must not take the diagnostics of all documents away.
  process.on('uncaughtException', (error) => connection.console.error(error.stack ?? error.message));
  process.on('unhandledRejection', (reason) => connection.console.error(String(reason)));
  new LanguageServer(connection, createNodeHost(), allRules).listen();
}
