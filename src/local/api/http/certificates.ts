/**
 * The cluster's own certificate authority, its server certificate and client certificates (ECDSA P-256).
 * Never here: files, who may do what.
 */
// What makes certificates looks for it while it is loaded.
import 'reflect-metadata';
import { type webcrypto, X509Certificate } from 'node:crypto';
import {
  BasicConstraintsExtension,
  X509Certificate as Certificate,
  cryptoProvider,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** PEM texts. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const dayMs = 86_400_000;
const validDays = 3_650;
const serverAuth = '1.3.6.1.5.5.7.3.1';
const clientAuth = '1.3.6.1.5.5.7.3.2';

export interface Authority extends KeyPair {
  /** @param names DNS names and IP addresses. */
  server(names: readonly string[]): Promise<KeyPair>;
  /** `CN=name, O=group` for each group: what the API server takes for the user. */
  client(name: string, groups: readonly string[]): Promise<KeyPair>;
}

/** A new one, or that of an earlier run. @param nowMs validity begins a day before it. */
export async function certificateAuthority(nowMs: number, kept?: KeyPair): Promise<Authority> {
  cryptoProvider.set(crypto);
  const own = kept ?? (await selfSigned(nowMs));
  const issuer = new Certificate(own.cert);
  const signingKey = await readKey(own.key);
  const issue = async (subject: string, usage: string, names: readonly string[]) => {
    const keys = await newKeys();
    const cert = await X509CertificateGenerator.create({
      serialNumber: serial(),
      subject,
      issuer: issuer.subject,
      ...validity(nowMs),
      signingAlgorithm: algorithm,
      publicKey: keys.publicKey,
      signingKey,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([usage]),
        ...(names.length === 0 ? [] : [alternativeNames(names)]),
      ],
    });
    return { cert: pem(cert), key: await keyText(keys.privateKey) };
  };
  return {
    ...own,
    server: (names) => issue('CN=kube-apiserver', serverAuth, names),
    client: (name, groups) =>
      issue(
        [`CN=${escaped(name)}`, ...groups.map((one) => `O=${escaped(one)}`)].join(', '),
        clientAuth,
        [],
      ),
  };
}

async function selfSigned(nowMs: number): Promise<KeyPair> {
  const keys = await newKeys();
  const cert = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: 'CN=gungnir-local-ca',
    ...validity(nowMs),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.digitalSignature, true),
    ],
  });
  return { cert: pem(cert), key: await keyText(keys.privateKey) };
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

function validity(nowMs: number): { readonly notBefore: Date; readonly notAfter: Date } {
  return { notBefore: new Date(nowMs - dayMs), notAfter: new Date(nowMs + validDays * dayMs) };
}

/** 16 random bytes; the first bit is 0, or the number would be negative. */
function serial(): string {
  const bytes = Buffer.from(crypto.getRandomValues(new Uint8Array(16)));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x01;
  return bytes.toString('hex');
}

function alternativeNames(names: readonly string[]): SubjectAlternativeNameExtension {
  return new SubjectAlternativeNameExtension(
    names.map((value) => ({ type: /^[\d.]+$|:/.test(value) ? 'ip' : 'dns', value })),
  );
}

function escaped(text: string): string {
  return text.replace(/[,+"\\<>;=#]/g, (sign) => `\\${sign}`);
}

function pem(cert: Certificate): string {
  return `${cert.toString('pem')}\n`;
}

async function keyText(key: webcrypto.CryptoKey): Promise<string> {
  const bytes = Buffer.from(await crypto.subtle.exportKey('pkcs8', key));
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`;
}

function readKey(text: string): Promise<webcrypto.CryptoKey> {
  const bytes = Buffer.from(text.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  return crypto.subtle.importKey('pkcs8', bytes, algorithm, true, ['sign']);
}

/** The user that a client certificate names: its CN, with each O as a group. */
export function subjectOf(raw: Buffer): { readonly name: string; readonly groups: string[] } {
  const lines = new X509Certificate(raw).subject.split('\n');
  const of = (part: string): string[] =>
    lines.filter((line) => line.startsWith(`${part}=`)).map((line) => line.slice(part.length + 1));
  return { name: of('CN')[0] ?? '', groups: of('O') };
}
