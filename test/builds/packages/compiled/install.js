const { mkdirSync, writeFileSync } = require('node:fs');

mkdirSync('build', { recursive: true });
writeFileSync('build/binding.js', `module.exports = 'compiled for ${process.arch}';\n`);
