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
]);

/** Whether a variable of that name holds a secret, as a rule. */
export function namesSecret(name: string): boolean {
  const words = name.toLowerCase().split(/[_-]+/);
  return words.some((word) => secretWords.has(word)) && !words.some((word) => harmlessWords.has(word));
}
