/** Names of the operator's own objects. They are those of an earlier operator, so it can be replaced. */
import { LABELS } from '../../spec/naming';
import type { JsonMap } from '../kube-object';

export const OPERATOR = 'gungnir-operator';

/** What selects the operator's pods. */
export const OPERATOR_SELECTOR = { app: OPERATOR } as const;

/** Name of the port at which probes and metrics are. */
export const HTTP_PORT = { name: 'http', number: 8080 } as const;

/** @param namespace undefined for objects of the whole cluster. */
export function operatorMeta(name: string, namespace: string | undefined): JsonMap {
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    labels: { [LABELS.name]: OPERATOR },
  };
}
