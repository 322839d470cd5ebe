/**
 * The pages that a user copies from, run as they are printed: their js blocks as programs on real servers.
 * Never here: what a page says beside its blocks.
 */
import { readFileSync } from 'node:fs';

/** Blocks that begin with ```js, in order. @throws when the page has none: nothing would be tested. */
export function jsBlocks(page: string): readonly string[] {
  const text = readFileSync(page, 'utf8');
  const blocks = [...text.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
  if (blocks.length === 0) throw new Error(`${page} has no js block`);
  return blocks;
}

/**
 * The README's program over the servers of examples/engine-embedding, which must have been copied beside it.
 * Only what the block leaves to the reader is put in: addresses, credentials, and an end.
 */
export function readmeProgram(): string {
  const [block = ''] = jsBlocks('README.md');
  const placed = block.replace(/nodes: \[.*?\]/, 'nodes: servers');
  if (placed === block) throw new Error('the block of README.md has no nodes: [...]');
  return `import { credentials, startServers } from './engine-embedding/servers.mjs';
const { servers: all, stop } = await startServers(2);
const servers = all.map(({ host, port }) => ({ host, port }));
${placed}
const { port } = await sentinel.primary({ timeoutMs: 30_000 });
await sentinel.close();
await stop();
console.log(port === servers[0].port ? 'ok' : port);
`;
}
