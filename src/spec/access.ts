/**
 * Who may speak to Valkey, and how: passwords, users, encryption.
 * Never here: a secret's value; definitions name Secrets and keys.
 */
import type { ClientAuth } from './enums';

/** The clients' password. */
export interface AuthSpec {
  /**
   * A Secret of yours whose key `password` is the clients' password.
   * @default - generated into the Secret `<name>-secret`
   */
  readonly secretName?: string;
}

/** Where a user's passwords are. */
export interface PasswordSecretRef {
  /** Name of the Secret. */
  readonly name: string;
  /**
   * Keys of the Secret; each holds a password that is valid.
   * @default - the user's name
   */
  readonly keys?: string[];
}

/** Commands that a user may and may not run. */
export interface UserCommandsSpec {
  /**
   * Commands or @categories that are allowed.
   * @default - none
   */
  readonly allow?: string[];
  /**
   * Commands or @categories that are denied.
   * @default - none
   */
  readonly deny?: string[];
}

/** Keys that a user may touch, as glob patterns. */
export interface UserKeysSpec {
  /**
   * To read and write.
   * @default - none
   */
  readonly readWrite?: string[];
  /**
   * To read.
   * @default - none
   */
  readonly readOnly?: string[];
  /**
   * To write.
   * @default - none
   */
  readonly writeOnly?: string[];
}

/** A user of Valkey beside the default one. */
export interface UserSpec {
  /** The user's name. */
  readonly name: string;
  /**
   * Where the user's passwords are.
   * @default - none
   */
  readonly passwordSecret?: PasswordSecretRef;
  /**
   * Commands that the user may run.
   * @default - none
   */
  readonly commands?: UserCommandsSpec;
  /**
   * Keys that the user may touch.
   * @default - none
   */
  readonly keys?: UserKeysSpec;
  /**
   * Channels that the user may use, as glob patterns.
   * @default - none
   */
  readonly channels?: string[];
  /**
   * Further ACL rules as Valkey writes them.
   * @default - none
   */
  readonly permissions?: string;
}

/** Who issues the certificate. */
export interface IssuerRef {
  /** Name of the issuer. */
  readonly name: string;
  /**
   * Issuer or ClusterIssuer.
   * @default "Issuer"
   */
  readonly kind?: string;
  /**
   * API group of the issuer.
   * @default "cert-manager.io"
   */
  readonly group?: string;
}

/** Encryption of connections. */
export interface TlsSpec {
  /**
   * Whether connections are encrypted.
   * @default false
   */
  readonly enabled?: boolean;
  /**
   * A Secret of type kubernetes.io/tls with ca.crt.
   * @default - none
   */
  readonly certSecretName?: string;
  /**
   * A cert-manager issuer.
   * @default - none
   */
  readonly issuerRef?: IssuerRef;
  /**
   * Whether clients must show a certificate: None, Optional or Required.
   * @default "None"
   */
  readonly clientAuth?: ClientAuth;
}
