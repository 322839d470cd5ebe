/**
 * Tokens of ServiceAccounts: JWTs signed with a key of this cluster (ES256).
 * Never here: what is in them (verbs/reviews.ts).
 */
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { isObject } from '../json';
import type { JsonObject } from '../port';
import type { TokenIssuer } from '../verbs/server';

const header = Buffer.from(JSON.stringify({ alg: 'ES256', typ: 'JWT' })).toString('base64url');
const rememberedMax = 1_000;

/** @param key PKCS #8, P-256. @param nowMs wall time, for `exp` and `nbf`. */
export function tokenIssuer(key: string, issuer: string, nowMs: () => number): TokenIssuer {
  const privateKey = createPrivateKey(key);
  const publicKey = createPublicKey(privateKey);
  const encoding = { dsaEncoding: 'ieee-p1363' } as const;
  // A signature is checked once: the same few tokens come with every request.
  const good = new Map<string, JsonObject>();
  function checked(token: string): JsonObject | undefined {
    const known = good.get(token);
    if (known !== undefined) return known;
    const [head = '', body = '', signature = ''] = token.split('.');
    const signed = Buffer.from(`${head}.${body}`);
    const bytes = Buffer.from(signature, 'base64url');
    if (!verify('sha256', signed, { key: publicKey, ...encoding }, bytes)) return undefined;
    const claims: unknown = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
    if (!isObject(claims)) return undefined;
    if (good.size >= rememberedMax) good.clear();
    good.set(token, claims);
    return claims;
  }
  return {
    issuer,
    sign(claims) {
      const body = Buffer.from(JSON.stringify(claims)).toString('base64url');
      const signed = Buffer.from(`${header}.${body}`);
      const signature = sign('sha256', signed, { key: privateKey, ...encoding });
      return `${header}.${body}.${signature.toString('base64url')}`;
    },
    verify(token) {
      const claims = checked(token);
      if (claims === undefined) return undefined;
      const now = nowMs() / 1_000;
      const { exp, nbf, aud } = claims;
      const inTime =
        typeof exp === 'number' && exp > now && (typeof nbf !== 'number' || nbf <= now + 10);
      return inTime && Array.isArray(aud) && aud.includes(issuer) ? claims : undefined;
    },
  };
}
