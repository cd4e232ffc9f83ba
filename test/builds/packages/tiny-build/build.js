#!/usr/bin/env node
// Stand-in for a compiler: copies src to dist, where `const x: string` loses its type.
const { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } = require('node:fs');

mkdirSync('dist', { recursive: true });
for (const name of readdirSync('src')) {
  if (name.endsWith('.ts'))
    writeFileSync(`dist/${name.slice(0, -3)}.js`, readFileSync(`src/${name}`, 'utf8').replace(/: string/g, ''));
  else cpSync(`src/${name}`, `dist/${name}`, { recursive: true });
}
