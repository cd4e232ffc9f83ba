#!/usr/bin/env node
// Stand-in for serve: serve [-s] [-l PORT] FOLDER.
const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const words = process.argv.slice(2);
const port = words.includes('-l') ? Number(words[words.indexOf('-l') + 1]) : 3000;
const folder = words.find((word, index) => !word.startsWith('-') && words[index - 1] !== '-l') ?? '.';
require('node:http')
  .createServer((request, response) => {
    const file = join(folder, request.url.endsWith('/') ? `${request.url}index.html` : request.url);
    if (existsSync(file)) response.end(readFileSync(file));
    else response.writeHead(404).end();
  })
  .listen(port);
