/**
 * Lets the old server refuse every write, and go on to answer reads; `node freeze.mjs off` takes that back. A
 * server without replicas cannot have a thousand good ones, so each write is answered with NOREPLICAS.
 */
import { close, old } from './servers.mjs';

const off = process.argv[2] === 'off';
await old.config('SET', 'min-replicas-max-lag', '10', 'min-replicas-to-write', off ? '0' : '1000');
console.log(off ? 'the old server takes writes again' : 'the old server refuses writes');
close();
