require('node:fs').readFileSync('src/index.js');
