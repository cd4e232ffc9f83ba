module.exports = 'word';
