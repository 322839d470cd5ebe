/**
 * The version of Kubernetes that the local cluster speaks, the same one wherever it is told.
 * Never here: what follows from it.
 */

export const KUBERNETES_VERSION = 'v1.34.4';
