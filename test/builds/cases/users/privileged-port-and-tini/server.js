require('http').createServer((q, r) => r.end('hello')).listen(443);
