/**
 * Why pods do not run, in the words of Kubernetes: an image that cannot be pulled, a volume or a node
 * that there is not. Told beside whatever waits for these pods.
 * Never here: what is ordinary on the way up (ContainerCreating), whether the engine waits.
 */

/** The fields of a pod that are read. */
export interface HinderedPod {
  readonly metadata: { readonly name: string };
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
      readonly message?: string;
    }[];
    readonly initContainerStatuses?: readonly WaitingContainer[];
    readonly containerStatuses?: readonly WaitingContainer[];
  };
}

interface WaitingContainer {
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string };
  };
}

interface Said {
  readonly reason?: string;
  readonly message?: string;
}

/** A container waits for these on its way up. */
const ORDINARY = ['', 'ContainerCreating', 'PodInitializing'];
/** More would not fit into a condition that people read. */
const PODS_MOST = 3;
const MESSAGE_MAX_CHARACTERS = 160;

/** @returns `POD: Reason: message; ...`, undefined when nothing but time stands in the way. */
export function hindrancesOf(pods: readonly HinderedPod[]): string | undefined {
  const told = pods.flatMap((pod) => {
    const said = hindranceOf(pod);
    return said === undefined ? [] : [`${pod.metadata.name}: ${textOf(said)}`];
  });
  if (told.length === 0) return undefined;
  const more = told.length - PODS_MOST;
  return [...told.slice(0, PODS_MOST), ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

function hindranceOf({ status = {} }: HinderedPod): Said | undefined {
  const { conditions = [], initContainerStatuses = [], containerStatuses = [] } = status;
  const unscheduled = conditions.find(
    (one) => one.type === 'PodScheduled' && one.status === 'False',
  );
  if (unscheduled !== undefined) return unscheduled;
  return [...initContainerStatuses, ...containerStatuses]
    .map(({ state }) => state?.waiting)
    .find((waiting) => waiting !== undefined && !ORDINARY.includes(waiting.reason ?? ''));
}

function textOf({ reason = 'Unschedulable', message = '' }: Said): string {
  if (message === '') return reason;
  const short =
    message.length > MESSAGE_MAX_CHARACTERS
      ? `${message.slice(0, MESSAGE_MAX_CHARACTERS - 3)}...`
      : message;
  return `${reason}: ${short}`;
}
