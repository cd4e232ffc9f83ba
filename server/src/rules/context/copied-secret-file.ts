import { defineRule } from '../../lint/rule.ts';
import type { BuildContext } from '../../model/context.ts';
import { type Copy, isRemote } from '../../model/copy.ts';

export const copiedSecretFile = defineRule({
  id: 'copied-secret-file',
  practice: 'context',
  summary: 'A file that holds secrets is copied into the image.',
  why: [
    'Whoever can pull the image can read every file of every layer, also one that a later `RUN rm` removes. Private keys, `.env` files and tokens of package registries don’t belong into it.',
    '',
    'What the build needs goes in with `RUN --mount=type=secret` (or `type=ssh`), which leaves nothing behind; what the program needs is given to the container when it starts.',
    '',
    'The rule goes by names that are copied as such, and looks into the file where the build context is known: a `.npmrc` without a token and a `.pem` with certificates alone are fine. Stages that don’t ship are left out.',
  ].join('\n'),
  severity: 'warning',
  fix: 'none',
  aliases: ['dockerfile-doctor/DD052', 'dockerfile-doctor/DD053', 'dockle/DKL-LI-0003'],
  examples: [{ before: 'FROM node:24-slim\nWORKDIR /app\nCOPY package.json .env ./\n' }],
  check({ dockerfile, report }) {
    for (const copy of dockerfile.shippedStages.flatMap((stage) => stage.copies)) {
      if (copy.from !== undefined || !copy.destination) continue;
      for (const source of copy.sources) {
        const text = source.value ?? source.text;
        const what = isRemote(text) ? undefined : secretIn(text, copy);
        if (what === undefined) continue;
        report({
          range: source.range,
          message: `${text} holds ${what} and stays readable in the image; pass it at start, or to the build with RUN --mount=type=secret.`,
        });
      }
    }
  },
});

/** What the file holds, as told by its name and, where the context is known, by its text; undefined for other files. */
function secretIn(path: string, { stage }: Copy): string | undefined {
  const { context } = stage.dockerfile;
  const clean = path.replace(/\/+$/, '');
  const name = clean.split('/').pop()!;
  if (/(?:example|sample|template|dummy|test|fake|mock|public|\.dist)/i.test(clean)) return undefined;
  if (/^id_(?:rsa|dsa|ecdsa|ed25519)$/.test(name)) return 'a private key';
  if (/^\.git-credentials$|^\.netrc$|^_netrc$|^\.pgpass$/.test(name)) return 'a password';
  if (/(?:^|\/)\.aws\/credentials$|(?:^|\/)\.kube\/config$|^kubeconfig$/.test(clean)) return 'credentials';
  if (/^\.env(?:\.[\w-]+)*$/.test(name)) {
    const content = context?.read(clean);
    if (content === undefined) return 'settings that are often secret';
    return holdsValues(content) ? 'secrets' : undefined;
  }
  if (/\.(?:p12|pfx)$/i.test(name)) return 'a private key';
  if (/\.(?:pem|key)$/i.test(name)) {
    const content = context?.read(clean);
    if (content !== undefined)
      return /-----BEGIN (?:\w+ )*PRIVATE KEY-----/.test(content) ? 'a private key' : undefined;
    return isKeyName(name) ? 'a private key' : undefined;
  }
  if (/^\.npmrc$|^\.yarnrc\.yml$|^\.pypirc$/.test(name)) return tokenIn(clean, context);
  return undefined;
}

/** Whether it sets something that sounds secret. */
function holdsValues(text: string): boolean {
  return /^\s*(?:export\s+)?\w*(?:SECRET|TOKEN|PASS|KEY|CREDENTIAL|AUTH|DSN|DATABASE_URL|_URI)\w*[ \t]*=[ \t]*['"]?[^\s'"$]/im.test(
    text,
  );
}

/** `server.key`, `private.pem`, `tls-key.pem`; names of signing keys of package archives are public. */
function isKeyName(name: string): boolean {
  return (
    /priv|-key\.pem$|_key\.pem$|^key\.pem$/i.test(name) ||
    /^(?:server|tls|ssl|client|localhost|ca|nginx|apache|selfsigned)\.key$/i.test(name)
  );
}

function tokenIn(path: string, context: BuildContext | undefined): string | undefined {
  const text = context?.read(path);
  return text !== undefined &&
    /(?:_authToken|_auth|_password|npmAuthToken|password)\s*[=:]\s*["']?(?!\$\{?)[^\s"'$]/.test(text)
    ? 'a token'
    : undefined;
}
