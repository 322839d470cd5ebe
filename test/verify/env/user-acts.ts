/**
 * What clients and the user do: writes, FLUSHALL, a wish for a switchover and its withdrawal, an
 * answer to the engine's question (asked or not), another number of replicas.
 * Never here: faults.
 */
import { millis } from '../../../src/kit/brands';
import type { Wishes } from '../../../src/sentinel/core/event';
import { servedEpoch } from '../../../src/sentinel/core/record';
import { type Choice, paid, quiet } from './choice';
import { epochOf, isWritable, noteAcks, noteConsent } from './ghosts';
import { feed } from './leader';
import { added, removed } from './pods';
import { isRunning, type Server, sync } from './servers';
import { type Model, replaceAt, type Step, serverAt, type World } from './world';

export function userActs(model: Model, world: World): readonly Choice[] {
  return [
    ...clientWrites(world),
    ...flushes(world),
    ...intrusions(world),
    ...wishes(model, world),
    ...withdrawals(model, world),
    ...answers(model, world),
    ...scales(model, world),
  ];
}

/** A client writes to whoever takes it; at first no replica, or one, has it. */
function clientWrites(world: World): readonly Choice[] {
  if (world.budget.write === 0) return [];
  const id = `w${world.ghost.written + 1}`;
  return world.servers.all.flatMap((server, node): readonly Choice[] => {
    if (!isWritable(world, server) || (!isRunning(server) && server.life !== 'isolated')) return [];
    const replicas = readers(world, server);
    return [undefined, ...replicas].map((first) => ({
      name: `write ${id} to p${node}${first === undefined ? '' : `, confirmed by p${first}`}`,
      take: () => quiet(written(paid(world, 'write'), node, id, first)),
    }));
  });
}

function written(world: World, node: number, id: string, first: number | undefined): World {
  const server = serverAt(world, node);
  const all = replaceAt(world.servers.all, node, { ...server, log: [...server.log, id] });
  const logged = { ...world.servers, all };
  const servers = first === undefined ? logged : sync(logged, serverAt(world, first).podUid);
  return noteAcks({
    ...world,
    servers,
    ghost: {
      ...world.ghost,
      written: world.ghost.written + 1,
      births: [...world.ghost.births, epochOf(world, server)],
    },
  });
}

/** Replicas that may have a write before anybody else does. */
function readers(world: World, server: Server): readonly number[] {
  if (!isRunning(server)) return [];
  return world.servers.all.flatMap((other, index) =>
    other.upstream === server.podUid && other.link === 'up' && isRunning(other) ? [index] : [],
  );
}

/** A write like any other, after which there are no keys. */
function flushes(world: World): readonly Choice[] {
  if (world.budget.flush === 0) return [];
  const id = `f${world.ghost.written + 1}`;
  return world.servers.all.flatMap((server, node): readonly Choice[] => {
    if (!isWritable(world, server) || !isRunning(server)) return [];
    return [undefined, ...readers(world, server)].map((first) => ({
      name: `FLUSHALL at p${node}${first === undefined ? '' : `, confirmed by p${first}`}`,
      take: () => quiet(written(paid(world, 'flush'), node, id, first)),
    }));
  });
}

/** Somebody with more rights than a client ends the pause, and writes. */
function intrusions(world: World): readonly Choice[] {
  if (world.budget.intrude === 0) return [];
  const id = `w${world.ghost.written + 1}`;
  return world.servers.all.flatMap((server, node): readonly Choice[] => {
    if (!server.paused || server.role !== 'master' || !isRunning(server)) return [];
    const freed = replaceAt(world.servers.all, node, { ...server, paused: false });
    const open = { ...paid(world, 'intrude'), servers: { ...world.servers, all: freed } };
    const name = `a user ends the pause of p${node} and writes ${id}`;
    return [{ name, take: () => quiet(written(open, node, id, undefined)) }];
  });
}

/** Each running leader watches the object. */
function wished(model: Model, world: World, wish: Wishes): Step {
  const standing = { ...world, wishes: wish };
  const nowMs = millis(world.nowMs);
  return world.leaders.reduce<Step>(
    (so_far, { mode, stall }, index) => {
      if (mode !== 'running' || stall !== undefined) return so_far;
      const next = feed(model, so_far.world, index, { kind: 'wishes', nowMs, wishes: wish });
      return { world: next.world, notes: [...so_far.notes, ...next.notes] };
    },
    { world: standing, notes: [] },
  );
}

/** The user asks for a switchover, to whomever. */
function wishes(model: Model, world: World): readonly Choice[] {
  const leader = world.leaders[world.holder];
  const record = leader?.state.record;
  const steady = leader?.mode === 'running' && leader.state.work.kind === 'steady';
  if (world.budget.wish === 0 || record?.primary === undefined || !steady) return [];
  const switchover = { pod: '', epoch: record.epoch };
  const take = (): Step => wished(model, paid(world, 'wish'), { ...world.wishes, switchover });
  return [{ name: 'the user asks for a switchover', take }];
}

function withdrawals(model: Model, world: World): readonly Choice[] {
  if (world.budget.withdraw === 0 || world.wishes.switchover === undefined) return [];
  const take = (): Step =>
    wished(model, paid(world, 'withdraw'), { ...world.wishes, switchover: undefined });
  return [{ name: 'the user withdraws the wish', take }];
}

/** For the epoch in force, to any pod, asked or not; the same text again is no news. */
function answers(model: Model, world: World): readonly Choice[] {
  if (world.budget.accept === 0 || world.api?.primary === undefined) return [];
  const epoch = servedEpoch(world.api);
  return world.pods.flatMap(({ pod }, node): readonly Choice[] => {
    const { accept } = world.wishes;
    if (world.unlisted.includes(node) || (accept?.pod === pod && accept.epoch === epoch)) return [];
    const next = { ...world.wishes, accept: { pod, epoch } };
    return [
      {
        name: `the user accepts ${pod}@${epoch}`,
        take: () => wished(model, noteConsent(paid(world, 'accept'), epoch), next),
      },
    ];
  });
}

/** The runtime tells of pods that are to go, and deletes the highest only while it is not needed. */
function scales(model: Model, world: World): readonly Choice[] {
  const last = 2;
  const { replicas, budget, unlisted, api } = world;
  if (budget.scale > 0 && replicas === 3) {
    const fewer = { ...paid(world, 'scale'), replicas: 2 };
    const next = { ...world.wishes, leaving: ['p2'] };
    return [{ name: 'the user wants two replicas', take: () => wished(model, fewer, next) }];
  }
  if (budget.scale > 0 && unlisted.includes(last)) {
    const more = { ...paid(world, 'scale'), replicas: 3 };
    return [{ name: 'the user wants three replicas', take: () => quiet(added(more, last)) }];
  }
  const named = api?.primary?.pod === 'p2' || api?.target?.pod === 'p2';
  const gone = unlisted.includes(last) || world.vanishing.length > 0;
  if (replicas !== 2 || named || gone || serverAt(world, last).life === 'dead') return [];
  return [{ name: 'p2 is removed', take: () => quiet(removed(world, last)) }];
}
