console.log(require('greeting'), require('words'));
