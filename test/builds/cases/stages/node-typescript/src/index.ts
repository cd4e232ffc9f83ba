const word: string = require('greeting');
console.log(word);
