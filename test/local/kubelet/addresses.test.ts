/**
 * Addresses of an instance, and which pod has which.
 */
import { describe, expect, test } from 'vitest';
import { addressesOf } from '../../../src/local/kubelet/addresses';
import { INSTANCES_MAX, PODS_MAX, rangeOf, SERVICES_MAX } from '../../../src/local/range';

const range = rangeOf(3);

describe('the addresses of pods', () => {
  test('each is another one, and a freed one is the last to come back', () => {
    const addresses = addressesOf(range);
    const first = addresses.take(undefined);
    addresses.free(first);
    const next = Array.from({ length: PODS_MAX - 1 }, () => addresses.take(undefined));
    expect(new Set(next).size).toBe(PODS_MAX - 1);
    expect(next).not.toContain(first);
    expect(addresses.take(undefined)).toBe(first);
    expect(() => addresses.take(undefined)).toThrow(
      'addresses for pods are taken; to fix: delete pods',
    );
  });

  test('with the switch, a freed one is the next one', () => {
    const addresses = addressesOf(range);
    const [first, second] = [addresses.take(undefined), addresses.take(undefined)];
    addresses.reuse('at once');
    expect(addresses.isFree(first)).toBe(false);
    addresses.free(first);
    expect(addresses.isFree(first)).toBe(true);
    expect(addresses.take(undefined)).toBe(first);
    expect([first, second]).not.toContain(addresses.take(undefined));
  });

  test.each([
    { kept: range.pod(500), same: true, why: 'a pod of an earlier program keeps its own' },
    { kept: range.pod(0), same: false, why: 'unless another one has it' },
    { kept: rangeOf(4).pod(500), same: false, why: 'or it is no address of this instance' },
  ])('$why', ({ kept, same }) => {
    const addresses = addressesOf(range);
    addresses.take(range.pod(0));
    expect(addresses.take(kept) === kept).toBe(same);
  });
});

describe('ranges', () => {
  test('no two things have the same address', () => {
    const all = [
      range.server,
      ...[0, 99].map((index) => range.node(index)),
      ...[0, 253, 254, PODS_MAX - 1].map((index) => range.pod(index)),
      ...[0, SERVICES_MAX - 1].map((index) => range.service(index)),
    ];
    expect(new Set(all).size).toBe(all.length);
    expect(all.every((address) => range.holds(address))).toBe(true);
    expect(all.some((address) => rangeOf(4).holds(address))).toBe(false);
    expect(all.every((address) => !/\.(0|255)$/.test(address))).toBe(true);
  });

  test('the last instance is still on the loopback', () => {
    expect(rangeOf(INSTANCES_MAX - 1).server).toBe('127.127.0.1');
    expect(() => rangeOf(INSTANCES_MAX)).toThrow('is none of');
    expect(() => range.pod(PODS_MAX)).toThrow('is none of');
  });
});
