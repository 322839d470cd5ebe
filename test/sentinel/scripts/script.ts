/**
 * Scenario files: blocks of commands, `----`, and what the engine did, blank lines between blocks,
 * a last block that begins with `why:`. UPDATE=1 writes what happened into the file.
 * Never here: what a command does (commands.ts).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { runCommand } from './commands';
import { defaultConfig, newWorld, type World } from './world';

const FENCE = '----';

export interface Played {
  readonly expected: string;
  readonly actual: string;
}

/** Plays one file against a fresh world. With `update` the file is rewritten when it differs. */
export function playFile(path: string, update: boolean): Played {
  const expected = readFileSync(path, 'utf8');
  const actual = play(expected);
  if (update && actual !== expected) writeFileSync(path, actual);
  return { expected: update ? actual : expected, actual };
}

function play(text: string): string {
  const blocks = text.trim().split(/\n\n+/);
  const why = blocks.pop() ?? '';
  if (!why.startsWith('why: ')) throw new Error('a script ends with a block that begins with why:');
  const story = { world: newWorld(3, defaultConfig) };
  const played = blocks.map((block) => playBlock(story, block));
  return `${[...played, why].join('\n\n')}\n`;
}

function playBlock(story: { world: World }, block: string): string {
  const lines = block.split('\n');
  const end = lines.indexOf(FENCE);
  const commands = end < 0 ? lines : lines.slice(0, end);
  story.world.blockAtMs = story.world.nowMs;
  const output = commands.flatMap((line) => {
    if (line.startsWith('#')) return [];
    runCommand(story, line);
    return story.world.lines.splice(0);
  });
  return [...commands, FENCE, ...output].join('\n');
}
