import tinyweb

print(tinyweb.GREETING)
