/**
 * The addresses of one instance: 127.(64+n).0.0/16 and who has which part of it. The server, the nodes,
 * the pods and the Services never meet, so an address tells what it belongs to.
 * Never here: which of them are taken.
 */
import { assert } from '../kit/assert';

/** Instances that fit beside each other on one machine. */
export const INSTANCES_MAX = 64;

export interface AddressRange {
  /** `127.64.0.0/16`. */
  readonly name: string;
  /** Where the API server listens. */
  readonly server: string;
  /** @param index 0..99. */
  node(index: number): string;
  /** @param index 0..PODS_MAX - 1. */
  pod(index: number): string;
  /** @param index 0..SERVICES_MAX - 1. */
  service(index: number): string;
  /** Whether it is an address of this instance. */
  holds(address: string): boolean;
  /** Whether it is one of the Services' addresses. */
  holdsService(address: string): boolean;
}

/** 254 addresses in each of 127 blocks. */
export const PODS_MAX = 127 * 254;
/** The Services' blocks are the upper half: 127.x.128.1 ... 127.x.254.254. */
export const SERVICES_MAX = 127 * 254;

/** @param instance 0..INSTANCES_MAX - 1. */
export function rangeOf(instance: number): AddressRange {
  assert(instance >= 0 && instance < INSTANCES_MAX, `instance ${instance} is none of 0..63`);
  const start = `127.${64 + instance}.`;
  const within = (first: number, index: number, limit: number): string => {
    assert(index >= 0 && index < limit, `address ${index} is none of 0..${limit - 1}`);
    return `${start}${first + Math.floor(index / 254)}.${1 + (index % 254)}`;
  };
  return {
    name: `${start}0.0/16`,
    server: `${start}0.1`,
    node: (index) => within(0, 10 + index, 110),
    pod: (index) => within(1, index, PODS_MAX),
    service: (index) => within(128, index, SERVICES_MAX),
    holds: (address) => address.startsWith(start),
    holdsService(address) {
      const parts = /^(\d{1,3})\.(\d{1,3})$/.exec(address.slice(start.length));
      const [third = 0, fourth = 0] = parts?.slice(1).map(Number) ?? [];
      const isWithin = third >= 128 && third <= 254 && fourth >= 1 && fourth <= 254;
      return address.startsWith(start) && isWithin;
    },
  };
}
