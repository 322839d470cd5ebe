/**
 * Programs of users, as texts: what they import, and what must not compile.
 * Never here: how they are run.
 */

export const ESM = `
import { Sentinel, fileAuthority, GungnirError, serverFiles } from 'gungnir/sentinel';
import { leaseAuthority } from 'gungnir/sentinel/kubernetes';
import { readFileSync } from 'node:fs';
const refused = await leaseAuthority({ lease: { namespace: '', name: 'a' } }).catch((error) => error);
const sentinel = new Sentinel({ nodes: [{ host: '127.0.0.1' }], credentials: { username: 'g', password: 'p' } });
console.log(typeof fileAuthority, typeof serverFiles, sentinel.status().role, refused instanceof GungnirError, refused.problems[0].path);
console.log(JSON.parse(readFileSync(new URL(import.meta.resolve('gungnir/package.json')), 'utf8')).name);
`;

export const COMMONJS = `
const { Sentinel, InvalidOptionsError } = require('gungnir/sentinel');
const { leaseAuthority } = require('gungnir/sentinel/kubernetes');
let refused;
try { new Sentinel({}); } catch (error) { refused = error; }
console.log(refused instanceof InvalidOptionsError, refused.problems.map(({ path }) => path).join(), typeof leaseAuthority);
`;

/** One class of each kind, whichever way it came. */
export const BOTH = `
import { createRequire } from 'node:module';
import { Sentinel } from 'gungnir/sentinel';
const required = createRequire(import.meta.url)('gungnir/sentinel');
console.log(required.Sentinel === Sentinel);
`;

export const CONSTRUCTS = `
const { App, Chart, Yaml } = require('cdk8s');
const { ValkeyCluster } = require('gungnir');
const chart = new Chart(new App(), 'shop');
new ValkeyCluster(chart, 'cache', { replicas: 3 });
console.log(Yaml.stringify(...chart.toJson()).includes('kind: ValkeyCluster'));
`;

/**
 * Prints ms, each for clusters in both modes by turns: making 100 and 1,000; making and writing 100, with a chart for
 * each; writing 100 in one chart, and 1,000 in ten. (cdk8s checks the whole app again for each chart that it writes.)
 */
export const MANY = `
const { App, Chart } = require('cdk8s');
const { ManagementMode, ValkeyCluster } = require('gungnir');
const modes = [ManagementMode.CUSTOM_RESOURCE, ManagementMode.WORKLOAD];
function make(count, charts = count) {
  const since = performance.now();
  const app = new App({ outdir: 'many' });
  const places = Array.from({ length: charts }, (_, index) => new Chart(app, 'shop-' + index));
  for (let index = 0; index < count; index += 1)
    new ValkeyCluster(places[index % charts], 'cache-' + index, { replicas: 3, mode: modes[index % 2] });
  return { app, since, ms: performance.now() - since };
}
function write({ app }) {
  const since = performance.now();
  app.synth();
  return performance.now() - since;
}
write(make(100));
const hundred = make(100);
const wholeMs = hundred.ms + write(hundred);
const thousand = make(1000);
const numbers = [hundred.ms, thousand.ms, wholeMs, write(make(100, 1)), write(make(1000, 10))];
console.log(numbers.map((ms) => ms.toFixed(0)).join(' '));
`;

export const TYPES = `
import { fileAuthority, GungnirError, Sentinel, type SentinelEvent, type SentinelStatus } from 'gungnir/sentinel';
import { leaseAuthority } from 'gungnir/sentinel/kubernetes';

export async function main(signal: AbortSignal): Promise<string> {
  const sentinel = new Sentinel({
    nodes: [{ name: 'a', host: '10.0.0.1', port: 6379 }],
    credentials: { username: 'g', password: 'p' },
    authority: fileAuthority({ folder: '/var/lib/shop' }),
    signal,
  });
  const off: () => void = sentinel.on('+switch-master', ({ from, to, lostBytes }) => {
    const lost: number | undefined = lostBytes;
    console.log(from.length, to.length, lost);
  });
  sentinel.on('*', (event) => {
    if (event.type === '+sdown') console.log(event.silentMs.toFixed());
    // @ts-expect-error only +sdown has it
    if (event.type === '-sdown') console.log(event.silentMs);
  });
  // @ts-expect-error no such word
  sentinel.on('+sdwon', () => {});
  // @ts-expect-error a switchover names its target
  void sentinel.switchover({});
  await sentinel.start();
  for await (const event of sentinel.events({ signal })) {
    const typed: SentinelEvent = event;
    if (typed.type === '+route') break;
  }
  const { primary }: SentinelStatus = sentinel.status();
  const { to } = await sentinel.failover({ signal }).catch((error: unknown) => {
    if (error instanceof GungnirError && error.reason === 'SwitchoverRefused') return { to: '' };
    throw error;
  });
  off();
  await sentinel.close();
  return to + primary;
}
export const lease = leaseAuthority({ lease: { namespace: 'shop', name: 'cache' } });
`;

/** What the types of the entry alone cost, beside an empty program. */
export const TYPES_ALONE = `import type { Sentinel } from 'gungnir/sentinel';\nexport type S = Sentinel;\n`;
export const TYPES_NONE = `export type S = string;\n`;

/** Prints which files it loads. */
export const LOADED = `
require('gungnir/sentinel');
console.log(Object.keys(require.cache).map((file) => file.split('node_modules/').at(-1)).join());
`;

export function tsconfig(moduleResolution: 'nodenext' | 'bundler', skipLibCheck: boolean): string {
  const module = moduleResolution === 'nodenext' ? 'nodenext' : 'esnext';
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2023', 'esnext.disposable'],
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    module,
    moduleResolution,
    skipLibCheck,
  };
  return JSON.stringify({ compilerOptions, files: ['consumer.ts'] });
}
