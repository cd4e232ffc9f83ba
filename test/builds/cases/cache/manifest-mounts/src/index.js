console.log(require('greeting'), 1);
