import tinyweb

print(tinyweb.GREETING, 1)
