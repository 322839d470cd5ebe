/** Passwords, users and encryption in zod. Never here: a secret's value. */
import * as z from 'zod';
import { DEFAULTS } from '../defaults';
import { ClientAuth } from '../enums';
import { atomic, flag, objectName } from './parts';

export const auth = z
  .strictObject({ secretName: objectName.optional() })
  .meta({ struct: 'AuthSpec' });

const issuerRef = z
  .strictObject({
    name: objectName,
    kind: z.string().max(63).default(DEFAULTS.issuerRef.kind),
    group: z.string().max(253).default(DEFAULTS.issuerRef.group),
  })
  .meta({ struct: 'IssuerRef' });

export const tls = z
  .strictObject({
    enabled: flag,
    certSecretName: objectName.optional(),
    issuerRef: issuerRef.optional(),
    clientAuth: z.enum(ClientAuth).default(DEFAULTS.tls.clientAuth),
  })
  .meta({ struct: 'TlsSpec' });

const words = atomic(z.string().min(1).max(256), 256);

const passwordSecret = z
  .strictObject({
    name: objectName,
    keys: atomic(z.string().min(1).max(253), 8).optional(),
  })
  .meta({ struct: 'PasswordSecretRef' });

export const user = z
  .strictObject({
    name: z.string().min(1).max(63),
    passwordSecret: passwordSecret.optional(),
    commands: z
      .strictObject({ allow: words.optional(), deny: words.optional() })
      .meta({ struct: 'UserCommandsSpec' })
      .optional(),
    keys: z
      .strictObject({
        readWrite: words.optional(),
        readOnly: words.optional(),
        writeOnly: words.optional(),
      })
      .meta({ struct: 'UserKeysSpec' })
      .optional(),
    channels: words.optional(),
    permissions: z.string().max(4096).optional(),
  })
  .meta({ struct: 'UserSpec' });
