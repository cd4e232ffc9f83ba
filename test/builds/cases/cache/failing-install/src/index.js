console.log(require('greeting'), 1, 'or not');
