/**
 * Breadth-first search over the worlds of one scope: every choice of the environment in every world,
 * and what happens by itself as one more. Exact keys, shortest counterexamples, and after the search
 * the check that nothing runs for ever or stands still in silence.
 * Never here: what a world is (env), what must hold (props).
 */
import { choices } from '../env/faults';
import { Interner, keyOf } from '../env/key';
import { happen, nextItem } from '../env/schedule';
import type { Model, World } from '../env/world';
import type { Property, Transition } from '../props/property';
import { leftAlone, unrest } from '../props/settles';

export interface Scope {
  readonly name: string;
  /** What it covers and what it does not. */
  readonly covers: string;
  readonly model: Model;
  readonly start: World;
  readonly stateLimit: number;
  /** `long`: too large for each run. `part`: too large for memory, so its first states only, by breadth. */
  readonly tier: 'each' | 'long' | 'part';
}

export interface Failure {
  readonly property: string;
  readonly what: string;
  readonly path: readonly number[];
}

export interface Result {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly seconds: number;
  readonly ended: 'complete' | 'stateLimit' | 'failed';
  readonly failures: readonly Failure[];
  readonly seen: ReadonlyMap<string, number>;
  /** The longest way from a state to rest without more faults: in changes of state, and virtual ms. */
  readonly settling: { readonly steps: number; readonly ms: number };
}

export interface Options {
  readonly properties: readonly Property[];
  /** When the search may stop early: at the first failure, or when all of these have failed. */
  readonly until: 'end' | 'firstFailure' | readonly string[];
  readonly progress: 'checked' | 'ignored';
}

/** A world in which nothing but time changes for this long is at rest. */
const REST_MS = 7_000;
/** A circle of keys that lasts this long is no wait. */
const WAIT_MS = 15_000;
const MAX_ITEMS = 20_000;
/** Left alone, no state of a scope may need more changes of state than this to be at rest. */
const SETTLES_WITHIN = 1000;
/** The choice that is none: what happens by itself, once; -n: n such runs, which only waited. */
export const BY_ITSELF = -1;

interface Run {
  readonly world: World;
  readonly key: string;
  readonly rest: boolean;
}

/** Runs until the key changes or everything rests; `look` sees each single transition. */
export function runOn(
  model: Model,
  interner: Interner,
  start: World,
  key: string,
  look: (transition: Transition) => void,
): Run {
  let world = start;
  for (let items = 0; items < MAX_ITEMS; items += 1) {
    const item = nextItem(world);
    if (item === undefined || item.atMs - start.nowMs > REST_MS) return { world, key, rest: true };
    const step = happen(model, world, item);
    look({ before: world, after: step.world, notes: step.notes });
    const still = isStill(world, step.world);
    world = step.world;
    if (still) continue;
    const next = keyOf(interner, world);
    if (next !== key) return { world, key: next, rest: false };
  }
  return { world, key, rest: true };
}

/** A tick that did nothing: only time went on, and a later key will show that. */
function isStill(before: World, after: World): boolean {
  if (
    before.servers !== after.servers ||
    before.api !== after.api ||
    before.syncAtMs !== after.syncAtMs
  )
    return false;
  return after.leaders.every((leader, index) => {
    const old = before.leaders[index];
    if (old === leader) return true;
    return (
      old?.links === leader.links &&
      old.swap === leader.swap &&
      old.state.nodes === leader.state.nodes &&
      old.state.work === leader.state.work &&
      old.state.blocked === leader.state.blocked &&
      old.podsAtMs === leader.podsAtMs &&
      old.turnedAtMs === leader.turnedAtMs &&
      old.ledAtMs === leader.ledAtMs
    );
  });
}

export function explore(scope: Scope, options: Options): Result {
  const search = new Search(scope, options);
  search.run();
  return search.result();
}

class Search {
  private readonly ids = new Map<string, number>();
  private readonly interner = new Interner();
  private readonly parent: number[] = [];
  private readonly choice: number[] = [];
  private readonly depths: number[] = [];
  /** The state that follows by itself; -1 while unknown, itself at rest. */
  private readonly next: number[] = [];
  private readonly nextMs: number[] = [];
  private settling = { steps: 0, ms: 0 };
  private worlds: (World | undefined)[] = [];
  private readonly failures: Failure[] = [];
  private readonly seen = new Map<string, number>();
  private transitions = 0;
  private expanding = 0;
  private readonly startedAtMs = performance.now();

  constructor(
    private readonly scope: Scope,
    private readonly options: Options,
  ) {
    this.add(scope.start, keyOf(this.interner, scope.start), -1, BY_ITSELF);
  }

  run(): void {
    for (this.expanding = 0; this.expanding < this.worlds.length; this.expanding += 1) {
      if (this.isOver()) break;
      this.expand(this.expanding);
      this.worlds[this.expanding] = undefined;
    }
    if (this.options.progress === 'checked' && !this.isDecided()) this.checkProgress();
  }

  private isOver(): boolean {
    return this.worlds.length >= this.scope.stateLimit || this.isDecided();
  }

  private isDecided(): boolean {
    const { until } = this.options;
    if (until === 'end') return false;
    if (until === 'firstFailure') return this.failures.length > 0;
    const failed = this.failures.map(({ property }) => property.split(':')[0]);
    return until.every((name) => failed.includes(name));
  }

  private expand(id: number): void {
    const world = this.worlds[id];
    if (world === undefined) return;
    const key = keyOf(this.interner, world);
    const { model } = this.scope;
    let runs = 1;
    const look = (transition: Transition): void => this.look(transition, id, -runs);
    let run = runOn(model, this.interner, world, key, look);
    // Back at a key of its own past, only later: a wait. It goes on until something new happens.
    while (!run.rest && run.world.nowMs - world.nowMs < WAIT_MS && this.isOwnPast(id, run.key)) {
      runs += 1;
      run = runOn(model, this.interner, run.world, run.key, look);
    }
    this.transitions += 1;
    this.next[id] = run.rest ? id : this.add(run.world, run.key, id, -runs);
    this.nextMs[id] = run.rest ? 0 : run.world.nowMs - world.nowMs;
    if (run.rest && this.options.progress === 'checked') this.judgeRest(id, run.world);
    choices(model, world).forEach(({ take }, index) => {
      const step = take();
      this.transitions += 1;
      this.look({ before: world, after: step.world, notes: step.notes }, id, index);
      this.add(step.world, keyOf(this.interner, step.world), id, index);
    });
  }

  private isOwnPast(id: number, key: string): boolean {
    const known = this.ids.get(key);
    for (let at = id; known !== undefined && at >= known; at = this.parent[at] ?? -1) {
      if (at === known) return true;
      if ((this.choice[at] ?? 0) >= 0) return false;
    }
    return false;
  }

  private add(world: World, key: string, parent: number, choice: number): number {
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    const id = this.worlds.length;
    this.ids.set(key, id);
    this.worlds.push(world);
    this.parent.push(parent);
    this.choice.push(choice);
    this.depths.push(parent < 0 ? 0 : (this.depths[parent] ?? 0) + 1);
    this.next.push(-1);
    return id;
  }

  private look(transition: Transition, id: number, choice: number): void {
    const { before, after, notes } = transition;
    if (
      notes.length === 0 &&
      before.servers === after.servers &&
      before.api === after.api &&
      before.route === after.route
    )
      return;
    for (const property of this.options.properties) {
      if (property.seen(transition))
        this.seen.set(property.name, (this.seen.get(property.name) ?? 0) + 1);
      const what = property.broken(transition);
      if (what !== undefined) this.fail(property.name, what, [...this.pathTo(id), choice]);
    }
  }

  private fail(property: string, what: string, path: readonly number[]): void {
    if (this.failures.some((failure) => failure.property === property)) return;
    this.failures.push({ property, what, path });
  }

  private pathTo(id: number): readonly number[] {
    const path: number[] = [];
    for (let at = id; (this.parent[at] ?? -1) >= 0; at = this.parent[at] ?? -1)
      path.push(this.choice[at] ?? BY_ITSELF);
    return path.reverse();
  }

  /** Where states go round by themselves: merged times may only seem to, so one long run decides. */
  private checkProgress(): void {
    const count = this.next.length;
    const color = new Uint8Array(count);
    const steps = new Int32Array(count);
    const ms = new Float64Array(count);
    for (let id = 0; id < count; id += 1) {
      const walked: number[] = [];
      let at = id;
      while (at >= 0 && color[at] === 0) {
        color[at] = 1;
        walked.push(at);
        at = this.next[at] ?? -1;
      }
      if (at >= 0 && color[at] === 1 && this.next[at] !== at) this.checkEnd(at);
      for (const done of walked.reverse()) {
        color[done] = 2;
        const then = this.next[done] ?? -1;
        if (then < 0 || then === done) continue;
        steps[done] = (steps[then] ?? 0) + 1;
        ms[done] = (ms[then] ?? 0) + (this.nextMs[done] ?? 0);
        this.settles(done, steps[done] ?? 0, ms[done] ?? 0);
      }
      if (this.isDecided()) return;
    }
  }

  private settles(id: number, steps: number, ms: number): void {
    const { settling } = this;
    this.settling = { steps: Math.max(settling.steps, steps), ms: Math.max(settling.ms, ms) };
    if (steps > SETTLES_WITHIN) this.judge(id, `not at rest after ${SETTLES_WITHIN} changes`);
  }

  /** Nothing has changed for a while; before it is called stuck, it gets the longest wait there is. */
  private judgeRest(id: number, world: World): void {
    if (unrest(world) !== undefined) this.judge(id, leftAlone(this.scope.model, world));
  }

  private checkEnd(id: number): void {
    const path = this.pathTo(id);
    this.judge(
      id,
      leftAlone(
        this.scope.model,
        replay(this.scope, path, () => undefined),
      ),
    );
  }

  private judge(id: number, what: string | undefined): void {
    if (what !== undefined)
      this.fail(`settles: ${what.replace(/[0-9]+/g, 'N')}`, what, [...this.pathTo(id), BY_ITSELF]);
  }

  result(): Result {
    const ended =
      this.worlds.length >= this.scope.stateLimit
        ? 'stateLimit'
        : this.failures.length > 0
          ? 'failed'
          : 'complete';
    return {
      states: this.worlds.length,
      transitions: this.transitions,
      depth: this.depths.reduce((deepest, depth) => Math.max(deepest, depth), 0),
      seconds: (performance.now() - this.startedAtMs) / 1000,
      ended,
      failures: this.failures,
      seen: this.seen,
      settling: this.settling,
    };
  }
}

/** Goes the same way again; `look` is told each single transition and the name of what was chosen. */
export function replay(
  scope: Scope,
  path: readonly number[],
  look: (transition: Transition, name: string) => void,
): World {
  const interner = new Interner();
  return path.reduce((world, choice) => {
    if (choice < 0) return waited(scope.model, interner, world, -choice, look);
    const chosen = choices(scope.model, world)[choice];
    if (chosen === undefined) throw new RangeError(`no choice ${choice}`);
    const step = chosen.take();
    look({ before: world, after: step.world, notes: step.notes }, chosen.name);
    return step.world;
  }, scope.start);
}

function waited(
  model: Model,
  interner: Interner,
  start: World,
  runs: number,
  look: (transition: Transition, name: string) => void,
): World {
  let world = start;
  for (let run = 0; run < runs; run += 1) {
    world = runOn(model, interner, world, keyOf(interner, world), (transition) =>
      look(transition, ''),
    ).world;
  }
  return world;
}
