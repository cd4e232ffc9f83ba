import type { Range } from '../../text/range.ts';

export interface FoundToken {
  readonly range: Range;
  /** `GitHub token`, with its article. */
  readonly what: string;
}

/**
 * Forms of secrets that their issuers publish so that scanners find them. The first group, where there is one, is the
 * secret itself.
 */
const forms: readonly (readonly [what: string, form: RegExp])[] = [
  ['A GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})\b/g],
  ['A GitLab token', /\bgl(?:pat|ptt|dt|rt|cbt)-[\w-]{20,}/g],
  ['An npm token', /\bnpm_[A-Za-z0-9]{36}\b/g],
  ['A PyPI token', /\bpypi-AgEIcHlwaS5vcmc[\w-]{50,}/g],
  ['A Docker Hub token', /\bdckr_(?:pat|oat)_[\w-]{27,}/g],
  ['An AWS access key', /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/g],
  ['A Slack token', /\bxox[abeoprs]-\d{10,}-[\w-]{12,}/g],
  ['A Slack webhook', /\bhttps:\/\/hooks\.slack\.com\/services\/(T\w{8,}\/B\w{8,}\/\w{20,})/g],
  ['A Stripe key', /\b[rs]k_live_[A-Za-z0-9]{24,}\b/g],
  ['A SendGrid key', /\bSG\.[\w-]{22}\.[\w-]{43}/g],
  ['A DigitalOcean token', /\bdo[opr]_v1_[0-9a-f]{64}\b/g],
  ['A Hugging Face token', /\bhf_[A-Za-z]{34}\b/g],
  ['An Anthropic key', /\bsk-ant-[a-z]+\d\d-[\w-]{80,}/g],
  ['An OpenAI key', /\bsk-(?:proj|svcacct)-[\w-]{40,}/g],
  ['A JSON web token', /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}/g],
  ['A private key', /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----(?!\s*\.{3})/g],
  ['The password of an address', /\b(?:https?|ftp):\/\/[^\s/:@"'`$\\]*:([^\s/:@"'`$\\]{6,})@/g],
  ['The secret of a header', /\bAuthorization:\s*(?:Bearer|Basic|token)\s+([\w.~+/=-]{16,})/gi],
];

/** Words of examples, and rows of the same character. */
const placeholder =
  /example|sample|dummy|placeholder|changeme|change-me|your[_-]|password|secret|insert|redacted|x{4}|(.)\1{5}|1234567|abcdefg/i;

/** Secrets of a known form in a text. Ranges are those of the secret alone, moved by `base`. */
export function findTokens(text: string, base: number): FoundToken[] {
  return forms.flatMap(([what, form]) =>
    [...text.matchAll(form)].flatMap((match) => {
      const secret = match[1] ?? match[0];
      if (what !== 'A private key' && placeholder.test(secret)) return [];
      const start = base + match.index + match[0].lastIndexOf(secret);
      return [{ range: { start, end: start + secret.length }, what }];
    }),
  );
}
