console.log(require('greeting'), require('compiled'));
