const fs = require('fs');
fs.writeFileSync('uploads/a', 'a');
fs.writeFileSync('tmp/pids/server.pid', `1`);
fs.writeFileSync('/data/rows', 'r');
console.log('wrote', fs.readFileSync('/data/seed', 'utf8').trim());
