console.log(require('./lib/word.js'));
