import { BrowserMessageReader, BrowserMessageWriter, createConnection } from 'vscode-languageserver/browser';
import { type ConfigText, findConfigRequest } from '../features/protocol.ts';
import { allRules } from '../rules/index.ts';
import { type Host, today } from './host.ts';
import { LanguageServer } from './languageServer.ts';

// The same server in a web worker, whose only files are those that the client reads for it.
const connection = createConnection(new BrowserMessageReader(self), new BrowserMessageWriter(self));

const host: Host = {
  today,
  openContext: () => undefined,
  async findConfig(uri) {
    try {
      return await connection.sendRequest<ConfigText | null>(findConfigRequest, { uri });
    } catch (error) {
      connection.console.warn(`The configuration file of ${uri} could not be looked for: ${String(error)}`);
      return undefined;
    }
  },
};

new LanguageServer(connection, host, allRules).listen();
