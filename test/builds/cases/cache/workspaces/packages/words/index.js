module.exports = 'words';
