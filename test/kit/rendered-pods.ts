/**
 * Our rendered objects put into a small API as an operator and a StatefulSet controller would do it.
 * Never here: a decision of either.
 */

import type { Pod, PodSpec } from '../../src/local/kubelet/pod';
import { render } from '../../src/resources/render';
import { secretData } from '../../src/resources/secret';
import type { KubeletLab } from './kubelet-lab';

const PASSWORDS = {
  client: 'client-password',
  operator: 'operator-password',
  replication: 'replication-password',
  probe: 'probe-password',
};

interface Set {
  readonly spec: { readonly template: { readonly metadata: object; readonly spec: PodSpec } };
}

export interface RenderedPods {
  readonly passwords: typeof PASSWORDS;
  /** Makes pod number `index` of the StatefulSet with its claim, on node n1, n2 or n3. */
  pod(index: number): Pod;
}

/** Puts all objects but the StatefulSet. @param name of the cluster. */
export function putRendered({ api, pod }: KubeletLab, name: string): RenderedPods {
  const definition = { metadata: { name, namespace: 'default' }, spec: {} };
  const objects = render(definition);
  const data = Object.entries(secretData('uid-of-cluster', PASSWORDS)).map(
    ([key, value]) => [key, Buffer.from(value).toString('base64')] as const,
  );
  for (const object of objects) {
    const metadata = { ...object.metadata, namespace: 'default' };
    const plural = { Secret: 'secrets', ConfigMap: 'configmaps', Service: 'services' }[object.kind];
    const extra = object.kind === 'Secret' ? { data: Object.fromEntries(data) } : {};
    if (plural !== undefined) api.put(plural, { ...object, metadata, ...extra });
  }
  const set = objects.find(({ kind }) => kind === 'StatefulSet') as unknown as Set;
  const claim = (index: number): string => `data-${name}-${index}`;
  return {
    passwords: PASSWORDS,
    pod(index) {
      const claimName = claim(index);
      const there = api
        .all('persistentvolumeclaims')
        .some(({ metadata }) => metadata.name === claimName);
      if (!there) {
        api.put('persistentvolumeclaims', {
          metadata: { name: claimName, namespace: 'default' },
          spec: {
            accessModes: ['ReadWriteOnce'],
            resources: { requests: { storage: '1Gi' } },
            volumeName: `pv-${claimName}`,
          },
          status: { phase: 'Bound' },
        });
      }
      const { spec, metadata } = set.spec.template;
      const data = { name: 'data', persistentVolumeClaim: { claimName } };
      const volumes = [...(spec.volumes ?? []), data];
      const nodeName = `n${(index % 3) + 1}`;
      return pod(`${name}-${index}`, { ...spec, volumes, nodeName }, { ...metadata });
    },
  };
}
