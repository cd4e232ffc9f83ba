const { appendFileSync, readFileSync } = require('node:fs');
const greeting = require('greeting');

require('node:http')
  .createServer((request, response) => {
    appendFileSync('visits.log', `${request.url}\n`);
    response.end(`${greeting}: ${readFileSync('visits.log', 'utf8').split('\n')[0]}`);
  })
  .listen(8080);
