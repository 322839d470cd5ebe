/**
 * The addresses of pods: each its own until the pod is gone. A freed one comes back as late as the range
 * allows, or at once where a test wants that very fault.
 * Never here: what an address looks like (range.ts).
 */
import { type AddressRange, PODS_MAX } from '../range';

export interface Addresses {
  /** @param kept the one that the pod had under an earlier program. @throws when the range is used up. */
  take(kept: string | undefined): string;
  free(address: string): void;
  /** No pod has it. */
  isFree(address: string): boolean;
  /** `at once`: the address that was freed last is the next one. */
  reuse(when: 'late' | 'at once'): void;
}

export function addressesOf(range: AddressRange): Addresses {
  const taken = new Set<string>();
  const freed: string[] = [];
  let when: 'late' | 'at once' = 'late';
  let cursor = 0;
  const fresh = (): string => {
    for (let tries = 0; tries < PODS_MAX; tries += 1) {
      const address = range.pod(cursor);
      cursor = (cursor + 1) % PODS_MAX;
      if (!taken.has(address)) return address;
    }
    throw new Error(`all ${PODS_MAX} addresses for pods are taken; to fix: delete pods`);
  };
  return {
    take(kept) {
      const again = when === 'at once' ? freed.pop() : undefined;
      const free = (address: string | undefined): boolean =>
        address !== undefined && range.holds(address) && !taken.has(address);
      const address = [kept, again].find(free) ?? fresh();
      taken.add(address);
      return address;
    },
    free(address) {
      if (!taken.delete(address)) return;
      freed.push(address);
      if (freed.length > PODS_MAX) freed.shift();
    },
    isFree: (address) => !taken.has(address),
    reuse(then) {
      when = then;
    },
  };
}
