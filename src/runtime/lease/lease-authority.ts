/**
 * The authority of Sentinels that run as pods: a Lease of Kubernetes, with the cluster's record in an
 * annotation of it, so that both change together or not at all.
 * Never here: the operator's own lease and record (runtime/kube/elector.ts, lanes/record-store.ts).
 */
import type { OptionProblem } from '../../kit/invalid-options';
import { problem, refuseOptions } from '../../kit/option-problems';
import {
  type Authority,
  type LeaseTimes,
  leasedAuthority,
  timeProblems,
} from '../../sentinel/index';
import { systemClock } from '../../sentinel/io/clock';
import type { KubeAccess } from '../kube/access';
import { createKubeClient } from '../kube/client';
import { inClusterAccess } from '../kube/incluster';
import { createLeaseStore } from './lease-store';

/** An API server and who we are there. For a kubeconfig: `kubectl proxy`, and its address. */
export interface ApiServer {
  /** `https://host:port`, or `http://127.0.0.1:8001` of kubectl proxy. */
  readonly server: string;
  /** PEM of the authority that signed its certificate. Default: the system's. */
  readonly ca?: string;
  /** A bearer token; or `cert` and `key`, PEM. Read once: for a pod leave `access` out. */
  readonly token?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** Which Lease, of which API server, and its times. */
export interface LeaseAuthorityOptions extends Partial<LeaseTimes> {
  /** A Lease of this cluster alone; made when it is not there. */
  readonly lease: { readonly namespace: string; readonly name: string };
  /** Default: the service account of the pod that we run in. It needs get, create and update of that Lease. */
  readonly access?: ApiServer;
  /** Each failure to read or write the Lease. Default: a process warning, once for each text. */
  readonly onTrouble?: (error: Error) => void;
}

/** As client-go has them. */
const defaults: LeaseTimes = { leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryMs: 2000 };

/**
 * For one Sentinel: give each process one of its own, over the same Lease. The Lease also keeps the
 * cluster's record: deleting it lets the engine ask before it promotes.
 * @param options default times: lease 15 s, renewed within 10 s, a try each 2 s.
 * @throws InvalidOptionsError naming every field; GungnirError NotInCluster.
 */
export async function leaseAuthority(options: LeaseAuthorityOptions): Promise<Authority> {
  const { lease, access, onTrouble = warnOnce(), ...given } = options;
  const times = { ...defaults, ...given };
  refuseOptions([...timeProblems(times), ...leaseProblems(lease), ...accessProblems(access)]);
  const client = createKubeClient({
    access:
      access === undefined
        ? await inClusterAccess({ clock: systemClock, env: process.env })
        : fixedAccess(access, lease.namespace),
  });
  // Two hung requests still leave time for a third before the deadline.
  const store = createLeaseStore(client, lease, times.renewDeadlineMs / 3);
  const authority = leasedAuthority({ ...times, store, onTrouble });
  return {
    start: authority.start,
    mayAct: authority.mayAct,
    swap: authority.swap,
    async stop() {
      await authority.stop();
      client.close();
    },
  };
}

function fixedAccess({ server, ca, token, cert, key }: ApiServer, namespace: string): KubeAccess {
  const credentials = {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    tls: { ca, cert, key, serverName: undefined, verify: 'always' },
  } as const;
  return {
    server: server.replace(/\/+$/, ''),
    namespace,
    origin: 'the access that was given',
    credentials: async () => credentials,
  };
}

function leaseProblems(lease: unknown): readonly OptionProblem[] {
  const { namespace, name } = (lease ?? {}) as Readonly<Record<string, unknown>>;
  const isName = (value: unknown): boolean =>
    typeof value === 'string' && /^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/.test(value);
  return [
    ...(isName(namespace)
      ? []
      : [problem('lease.namespace', namespace, 'give the name of a namespace')]),
    ...(isName(name)
      ? []
      : [problem('lease.name', name, 'give lower-case letters, digits, - and .')]),
  ];
}

function accessProblems(access: unknown): readonly OptionProblem[] {
  if (access === undefined) return [];
  const { server, cert, key } = (access ?? {}) as Readonly<Record<string, unknown>>;
  const problems: OptionProblem[] = [];
  if (typeof server !== 'string' || !/^https?:\/\/\S+$/.test(server))
    problems.push(
      problem('access.server', server, 'give an address such as https://10.0.0.1:6443'),
    );
  if ((cert === undefined) !== (key === undefined))
    problems.push(
      problem('access.key', 'one of a pair', 'give access.cert and access.key together'),
    );
  return problems;
}

function warnOnce(): (error: Error) => void {
  const said = new Set<string>();
  return (error) => {
    if (said.has(error.message)) return;
    said.add(error.message);
    process.emitWarning(error.message, 'GungnirWarning');
  };
}
