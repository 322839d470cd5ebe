/**
 * Which container a log or exec request means, in the words of the real server
 * (pkg/registry/core/pod/strategy.go).
 * Never here: the log, the command.
 */
import { listAt, textAt, textsAt } from '../json';
import type { ContainerRef } from '../node-agent';
import type { JsonObject } from '../port';
import { badRequest, Refused } from '../status';

/** @throws Refused */
export function containerOf(pod: JsonObject, asked: string): ContainerRef {
  const container = asked === '' ? only(pod) : asked;
  const name = textAt(pod, 'metadata', 'name');
  if (!namesOf(pod, 'containers').concat(namesOf(pod, 'initContainers')).includes(container)) {
    throw new Refused(badRequest(`container ${container} is not valid for pod ${name}`));
  }
  return {
    namespace: textAt(pod, 'metadata', 'namespace'),
    pod: name,
    uid: textAt(pod, 'metadata', 'uid'),
    node: textAt(pod, 'spec', 'nodeName'),
    container,
  };
}

function only(pod: JsonObject): string {
  const names = namesOf(pod, 'containers');
  const [first] = names;
  if (first !== undefined && names.length === 1) return first;
  const annotations = textsAt(pod, 'metadata', 'annotations');
  const preferred = annotations['kubectl.kubernetes.io/default-container'];
  if (preferred !== undefined && names.includes(preferred)) return preferred;
  const all = [...namesOf(pod, 'initContainers'), ...names];
  const name = textAt(pod, 'metadata', 'name');
  throw new Refused(
    badRequest(
      `a container name must be specified for pod ${name}, choose one of: [${all.join(' ')}]`,
    ),
  );
}

function namesOf(pod: JsonObject, list: 'containers' | 'initContainers'): string[] {
  return listAt(pod, 'spec', list).map((one) => textAt(one, 'name'));
}
