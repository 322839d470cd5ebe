/**
 * An elector in a process of its own, for a test that stops it with SIGSTOP: it prints what its check says,
 * every 10 ms and with the wall time at which it was asked. Its access comes as JSON in the environment.
 */
import { millis } from '../../../src/kit/brands';
import { rngFrom } from '../../../src/kit/rng';
import type { Credentials } from '../../../src/runtime/kube/access';
import { createKubeClient } from '../../../src/runtime/kube/client';
import { startElector } from '../../../src/runtime/kube/elector';
import { faultTiming, realClock } from './support';

/** What the parent hands over in CHILD. */
export interface ChildSettings {
  readonly server: string;
  readonly credentials: Credentials;
  readonly namespace: string;
  readonly identity: string;
}

const { server, credentials, namespace, identity } = JSON.parse(
  process.env.CHILD ?? '{}',
) as ChildSettings;
const client = createKubeClient({
  access: { server, namespace, origin: 'the parent', credentials: async () => credentials },
});
const elector = startElector({
  client,
  lease: { namespace, name: 'contended' },
  config: { ...faultTiming, identity },
  clock: realClock,
  rng: rngFrom(process.pid),
});
const timer = setInterval(() => {
  // The time first: a stop between the two must not date an answer of before it to after it.
  const atMs = Date.now();
  const held = elector.holdsUntil() === undefined ? 'no' : 'yes';
  process.stdout.write(`${JSON.stringify({ atMs, held })}\n`);
}, 10);
process.on('SIGTERM', () => {
  clearInterval(timer);
  void elector.stop(millis(1_000)).then(() => client.close());
});
