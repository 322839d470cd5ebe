/**
 * The one table of reasons. A reason names a condition, an Event, a metric label, an error and a
 * docs anchor, always by the same word. `means` is a sentence without a full stop, `action` says what to do.
 * Never here: facts of one case; those travel beside the reason.
 */
import { engineReasons } from './reasons-engine';
import { reconcileReasons } from './reasons-reconcile';

export interface ReasonText {
  readonly means: string;
  readonly action: string;
}

/** What each reason means and what to do: the table behind `explain` and docs/errors.md. */
export const reasons = {
  ...engineReasons,
  ...reconcileReasons,
  InvalidDefinition: {
    means: 'the definition breaks a rule',
    action: 'mend the fields named below and apply it again',
  },
  // -- Kubernetes access, flags and ports (runtime) --
  KubeconfigUnreadable: {
    means: 'the kubeconfig cannot be used',
    action:
      'name a readable one by --kubeconfig or KUBECONFIG, or write one to ~/.kube/config; gungnir local up makes one',
  },
  KubeContextUnknown: {
    means: 'the kubeconfig has no such context',
    action: 'choose one of the contexts it has: kubectl config use-context NAME',
  },
  KubeCredentialsExpired: {
    means: 'the client certificate of the kubeconfig is no longer valid',
    action: 'fetch a new kubeconfig from whoever runs the cluster',
  },
  KubeProxyUnsupported: {
    means: 'the kubeconfig asks for a proxy, which gungnir does not speak',
    action:
      'run `kubectl proxy` and use a kubeconfig with server: http://127.0.0.1:8001 and insecure-skip-tls-verify: true',
  },
  NotInCluster: {
    means: 'this process has no service account of a pod',
    action:
      'run it in a pod with automountServiceAccountToken, or name a kubeconfig by --kubeconfig',
  },
  KubeUnauthorized: {
    means: 'the API server does not accept our credentials',
    action: 'log in again, or fetch a new kubeconfig; in a pod: check its ServiceAccount',
  },
  KubeForbidden: {
    means: 'RBAC does not allow this request',
    action:
      'have that verb on that resource granted; for the operator itself: gungnir render --operator | kubectl apply --server-side -f -',
  },
  KubeUnreachable: {
    means: 'the API server cannot be reached',
    action: 'check that it runs, its address in the kubeconfig, and the network between',
  },
  KubeCertificateRefused: {
    means: 'the API server shows a certificate that the kubeconfig does not trust',
    action:
      'fetch the kubeconfig of this server anew: its certificate-authority-data and server must belong together',
  },
  KubeKindMissing: {
    means: 'the API server does not know this kind',
    action: 'install the definitions first: gungnir crds | kubectl apply --server-side -f -',
  },
  KubeNotFound: {
    means: 'there is no such object',
    action: 'check the name and the namespace with kubectl get',
  },
  KubeRequestFailed: {
    means: 'the API server did not carry out the request',
    action: 'read what it said, mend that, and try again',
  },
  PortInUse: {
    means: 'another process listens on this port',
    action: 'choose a free one by --http-address HOST:PORT, or end the other process',
  },
  AddressUnusable: {
    means: 'this address cannot be listened on',
    action: 'choose an address of this machine and a port above 1023 by --http-address HOST:PORT',
  },
  ClusterUnknown: {
    means: 'there is no ValkeyCluster of this name in this namespace',
    action:
      'use the nearest name if it is what was meant, or name the namespace by -n; gungnir status -A lists all',
  },
  FlagUnknown: {
    means: 'there is no such flag',
    action: 'use the nearest name if it is what was meant; --help lists all flags',
  },
  FlagValueMissing: {
    means: 'this flag needs a value',
    action: 'write --FLAG VALUE or --FLAG=VALUE',
  },
  FlagValueInvalid: {
    means: 'the value is not one that this setting takes',
    action: 'give a value within the limit, or leave it out for the default',
  },
  CommandUnknown: {
    means: 'there is no such command',
    action: 'gungnir help lists all commands',
  },
  ArgumentMissing: {
    means: 'this command needs a word more',
    action: 'add it; --help shows examples',
  },
  FileUnreadable: {
    means: 'the file cannot be read',
    action: 'check its name and that you may read it',
  },
  OutputUnwritable: {
    means: 'the output cannot be written, so it is not whole',
    action: 'look at what it is sent to: a full disk, a closed file',
  },
  FileHasNoCluster: {
    means: 'the file holds no ValkeyCluster',
    action: 'name a file with apiVersion valkey.verilean.io/v1 and kind ValkeyCluster',
  },
  BundleMissing: {
    means: "the operator's program has not been built",
    action: 'run npm run bundle first, or name a built one by --bundle FILE',
  },
  LocalClusterCannotStart: {
    means: 'the local cluster cannot start',
    action: 'mend what is named, then start it again',
  },
  PeerUnusable: {
    means: 'packages that this one works with are not installed, or too old',
    action: 'install them',
  },
  ArgumentUnexpected: {
    means: 'a word stands where only flags may',
    action: 'remove it, or quote the value that it belongs to',
  },
} as const satisfies Record<string, ReasonText>;

/** The word of a reason or an error; docs/errors.md has an entry for each. */
export type Reason = keyof typeof reasons;

/** Facts of one case: names to short values. They are printed in this order. */
export type Facts = Readonly<Record<string, string | number | boolean | undefined>>;

/** `Reason: meaning (fact=value ...). To fix: action.` */
export function explain(reason: Reason, facts: Facts = {}, action?: string): string {
  return `${reason}: ${describe(reason, facts, action)}`;
}

/**
 * The same without its name, for where that stands beside it: conditions, Events.
 * @param action what to do in this one case. Default: what the table says.
 */
export function describe(
  reason: Reason,
  facts: Facts = {},
  action: string = reasons[reason].action,
): string {
  const { means }: ReasonText = reasons[reason];
  const known = Object.entries(facts).filter(([, value]) => value !== undefined);
  const detail = known.map(([name, value]) => `${name}=${oneLine(String(value))}`).join(' ');
  return `${means}${detail === '' ? '' : ` (${detail})`}. To fix: ${action}.`;
}

/** What servers and libraries say may have several lines; a log line and an Event have one. */
function oneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, ' ');
}

/** An error that a user can act on: printed as its message alone, without a stack trace. */
export class GungnirError extends Error {
  override readonly name = 'GungnirError';
  constructor(
    readonly reason: Reason,
    readonly facts: Facts = {},
    cause?: unknown,
    action?: string,
  ) {
    super(explain(reason, facts, action), cause === undefined ? undefined : { cause });
  }
}
