console.log(require('node:fs').readFileSync('public/page.html', 'utf8'));
