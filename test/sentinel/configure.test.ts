/** Live settings: each run is told once for each change, never while it is unclaimed or restarting. */
import { expect, test } from 'vitest';
import { millis } from '../../src/kit/brands';
import type { Settings } from '../../src/sentinel/core/config';
import { restart } from '../verify/env/servers';
import { runCommand } from './scripts/commands';
import { endConnections, feed, runUntil } from './scripts/engine';
import { defaultConfig, newWorld, type World } from './scripts/world';

function steady(settings: Settings): World {
  const world = newWorld(3, { ...defaultConfig, settings });
  feed(world, { kind: 'pods', nowMs: millis(world.nowMs), pods: world.pods });
  feed(world, { kind: 'led', nowMs: millis(world.nowMs), record: undefined });
  runUntil(world, 5000);
  return world;
}

function told(world: World): readonly string[] {
  return world.lines
    .filter((line) => line.includes('send') && line.includes('configure'))
    .map((line) => /send (p\d)/.exec(line)?.[1] ?? line)
    .sort();
}

test('every node is told once, and not again while nothing changes', () => {
  const world = steady([['maxclients', '500']]);
  runUntil(world, 60_000);
  expect(told(world)).toEqual(['p0', 'p1', 'p2']);
});

test('a definition without live settings sends nothing', () => {
  expect(told(steady([]))).toEqual([]);
});

test('a change is told to every node again', () => {
  const world = steady([['maxclients', '500']]);
  world.lines = [];
  world.config = { ...world.config, settings: [['maxclients', '600']] };
  runUntil(world, 20_000);
  expect(told(world)).toEqual(['p0', 'p1', 'p2']);
});

test('a restarted server is told again, the others are not', () => {
  const world = steady([['maxclients', '500']]);
  world.lines = [];
  endConnections(world, 'u2');
  world.servers = restart(world.servers, 'u2', 'kept');
  runUntil(world, 20_000);
  expect(told(world)).toEqual(['p2']);
});

const refusals = (world: World): readonly string[] =>
  world.lines.flatMap((line) => /[+]refused (\w+ pod=.*)$/.exec(line)?.[1] ?? []);

test('a setting that one server refuses is told by name, once for its run; the others have it', () => {
  const world = steady([]);
  runCommand({ world }, 'refuse p1 configure ERR Invalid argument for CONFIG SET');
  world.config = { ...world.config, settings: [['maxclients', 'many']] };
  runUntil(world, 60_000);
  expect(refusals(world)).toEqual([
    'SettingRefused pod=p1 order=configure answer=ERR Invalid argument for CONFIG SET',
  ]);
  expect(told(world)).toEqual(['p0', 'p1', 'p2']);
  expect(world.state.work.kind, 'and it is no reason to do anything else').toBe('steady');
});

test('another order that is refused is not laid to the settings', () => {
  const world = steady([['maxclients', '500']]);
  runCommand({ world }, 'refuse p0 setMin ERR no');
  world.config = { ...world.config, maxLagSeconds: 5 };
  runUntil(world, 10_000);
  const said = world.lines.filter((line) => line.includes('+refused'));
  expect(said.map((line) => line.replace(/^[+]\d+ /, ''))).toEqual([
    '+refused pod=p0 order=setMin answer=ERR no',
  ]);
});
