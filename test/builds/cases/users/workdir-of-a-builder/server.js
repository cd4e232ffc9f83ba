const { appendFileSync, readFileSync } = require('node:fs');

require('node:http')
  .createServer((request, response) => {
    appendFileSync('visits.log', `${request.url}\n`);
    response.end(`hello: ${readFileSync('visits.log', 'utf8').split('\n')[0]}`);
  })
  .listen(Number(process.env.PORT ?? 8080));
