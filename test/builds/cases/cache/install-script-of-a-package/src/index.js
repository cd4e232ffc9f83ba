console.log(require('greeting'), require('compiled'), 1);
