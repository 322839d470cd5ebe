/**
 * A performance whose end is named by its first argument, as a process of its own: perform.test.ts looks at its
 * exit code.
 * Never here: what must come of it.
 */
import { type Check, perform } from '../../examples/perform';

const good: Check = { good: true, text: 'it held' };
const bad: Check = { good: false, text: 'it did not' };

const plays: Readonly<Record<string, () => Promise<readonly Check[]>>> = {
  held: async () => [good, good],
  'one missed': async () => [good, bad, good],
  'nothing checked': async () => [],
  broken: () => Promise.reject(new Error('no server. To fix: start one')),
  hung: () => new Promise(() => {}),
};

void perform({
  command: 'npm run planted',
  withinMs: 300,
  play: plays[process.argv[2] ?? ''] ?? plays.broken ?? (async () => []),
  clean: async () => console.log('cleaned'),
  whatNext: () => console.log('next'),
  explain: (cause) => (cause as Error).message,
});
