/**
 * Branded scalars: a term cannot be passed where an epoch is meant, nor seconds where milliseconds are.
 * Each constructor checks its value, so a branded value is a valid one everywhere below.
 * Never here: arithmetic with a policy in it.
 */
import { assert } from './assert';

declare const brand: unique symbol;
type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };

/** A duration or a point on the caller's monotonic clock, in milliseconds. Finite, may be fractional. */
export type Millis = Brand<number, 'Millis'>;
/** Counts acquisitions of the lease (failover.md section 2). Safe integer, 0 = never. */
export type Term = Brand<number, 'Term'>;
/** Counts changes of primary (failover.md section 2). Safe integer, 0 = none yet. */
export type Epoch = Brand<number, 'Epoch'>;
/** A place in a replication stream, in bytes. Safe integer >= 0. */
export type Offset = Brand<number, 'Offset'>;
/** 40 lower-case hex digits: the identity of one run of valkey-server. */
export type RunId = Brand<string, 'RunId'>;
/** 40 lower-case hex digits: the identity of one replication history (master_replid). */
export type ReplId = Brand<string, 'ReplId'>;

const hex40 = /^[0-9a-f]{40}$/;

/** @throws AssertionError when the value is not a finite number. */
export function millis(value: number): Millis {
  assert(Number.isFinite(value), `milliseconds must be a finite number, got ${value}`);
  return value as Millis;
}

/** @throws AssertionError when the value is not a safe integer >= 0. */
export function term(value: number): Term {
  assertCount('term', value);
  return value as Term;
}

/** @throws AssertionError when the value is not a safe integer >= 0. */
export function epoch(value: number): Epoch {
  assertCount('epoch', value);
  return value as Epoch;
}

/** @throws AssertionError when the value is not a safe integer >= 0. */
export function offset(value: number): Offset {
  assertCount('offset', value);
  return value as Offset;
}

/** @throws AssertionError when the value is not 40 lower-case hex digits. */
export function runId(value: string): RunId {
  assert(hex40.test(value), `run_id must be 40 hex digits, got '${value}'`);
  return value as RunId;
}

/** @throws AssertionError when the value is not 40 lower-case hex digits. */
export function replId(value: string): ReplId {
  assert(hex40.test(value), `replid must be 40 hex digits, got '${value}'`);
  return value as ReplId;
}

/** True for 40 lower-case hex digits; for parsers that must refuse without a throw. */
export function isHexId(value: string): boolean {
  return hex40.test(value);
}

function assertCount(name: string, value: number): void {
  assert(
    Number.isSafeInteger(value) && value >= 0,
    `${name} must be a safe integer >= 0, got ${value}`,
  );
}
