/**
 * An elector in a process of its own, for a test that stops it with SIGSTOP: it prints what its check says,
 * every 10 ms and with the wall time at which it was asked. Arguments: kubeconfig, namespace, identity.
 */
import { millis } from '../../../src/kit/brands';
import { rngFrom } from '../../../src/kit/rng';
import { createKubeClient } from '../../../src/runtime/kube/client';
import { startElector } from '../../../src/runtime/kube/elector';
import { kubeconfigAccess } from '../../../src/runtime/kube/kubeconfig';
import { faultTiming, realClock } from './support';

async function main([path, namespace = '', identity = '']: readonly string[]): Promise<void> {
  const client = createKubeClient({
    access: await kubeconfigAccess({ clock: realClock, env: {}, path }),
  });
  const elector = startElector({
    client,
    lease: { namespace, name: 'contended' },
    config: { ...faultTiming, identity },
    clock: realClock,
    rng: rngFrom(process.pid),
  });
  const timer = setInterval(() => {
    const held = elector.holdsUntil() !== undefined;
    process.stdout.write(`${JSON.stringify({ atMs: Date.now(), held: held ? 'yes' : 'no' })}\n`);
  }, 10);
  process.on('SIGTERM', () => {
    clearInterval(timer);
    void elector.stop(millis(1_000)).then(() => client.close());
  });
}

void main(process.argv.slice(2));
