const secretWords: ReadonlySet<string> = new Set([
  'apikey',
  'auth',
  'credential',
  'credentials',
  'key',
  'password',
  'pword',
  'passwd',
  'secret',
  'token',
]);
const harmlessWords: ReadonlySet<string> = new Set([
  'public',
  'file',
  'version',
  'path',
  'id',
  'url',
  'name',
  'length',
  'algorithm',
  'fingerprint',
  'config',
  'dir',
  'username',
  'keyserver',
  'gpg',
  'signing',
  'publishable',
]);
/** As the last word: then the name is of a property of the secret (`TOKEN_TTL`, `AUTH_TYPE`). */
const properties: ReadonlySet<string> = new Set([
  'type',
  'mode',
  'enabled',
  'ttl',
  'expiry',
  'expiration',
  'timeout',
  'lifetime',
  'header',
  'host',
  'port',
  'endpoint',
  'uri',
  'issuer',
  'realm',
  'provider',
  'method',
  'prefix',
  'size',
]);

/** Whether a variable of that name holds a secret, as a rule. */
export function namesSecret(name: string): boolean {
  const words = name.toLowerCase().split(/[_-]+/);
  // A captcha shows its site key to every visitor.
  if (/(?:^|_)site_?key$/i.test(name) || properties.has(words.at(-1)!)) return false;
  return words.some((word) => secretWords.has(word)) && !words.some((word) => harmlessWords.has(word));
}
