/**
 * Namespaces and what each has from its beginning, as far as controllers know them.
 * Never here: emptying one (namespaces/).
 */
import type { ApiObject } from '../../api/port';
import { kindOf } from '../frame/kind';
import type { Condition } from './condition';

export interface Namespace extends ApiObject {
  readonly spec?: { readonly finalizers?: readonly string[] };
  readonly status?: {
    readonly phase?: 'Active' | 'Terminating';
    readonly conditions?: readonly Condition[];
  };
}
export const NAMESPACES = kindOf<Namespace>('v1', 'Namespace', 'namespaces', 'Cluster');

export const SERVICE_ACCOUNTS = kindOf<ApiObject>('v1', 'ServiceAccount', 'serviceaccounts');

export interface ConfigMap extends ApiObject {
  readonly data?: Readonly<Record<string, string>>;
}
export const CONFIG_MAPS = kindOf<ConfigMap>('v1', 'ConfigMap', 'configmaps');
