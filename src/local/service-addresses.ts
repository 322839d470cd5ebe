/**
 * Where the addresses of Services come from: the upper half of the instance's range, in order. The first
 * one is kept back, as a real server has it for its own Service, and nobody listens on it.
 * Never here: who has which (the store knows).
 */
import type { ServiceAddresses } from './api/verbs/server';
import { type AddressRange, SERVICES_MAX } from './range';

export function serviceAddressesOf(range: AddressRange): ServiceAddresses {
  // A freed address is not the next one: clients still knock at it.
  let last = 0;
  return {
    next(taken) {
      for (let step = 1; step < SERVICES_MAX; step += 1) {
        const index = 1 + ((last + step - 1) % (SERVICES_MAX - 1));
        const address = range.service(index);
        if (taken.has(address)) continue;
        last = index;
        return address;
      }
      return undefined;
    },
    contains: (address) => range.holdsService(address),
    nodePorts: { first: 30_000, last: 32_767 },
  };
}
