/**
 * The operator's process: flags, signals, what of this machine it works with. In the
 * cluster main.ts starts it; outside of one `gungnir operator` does, with a kubeconfig.
 * Never here: the kubeconfig loader, which would be larger than everything else in the bundle.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { hostname } from 'node:os';
import { rngFrom } from '../kit/rng';
import type { Tell } from '../sentinel/core/ready';
import { systemClock } from '../sentinel/io/clock';
import { createSocketTransport } from '../sentinel/io/socket-transport';
import { type OperatorArgs, parseOperatorArgs } from './args';
import { failpointAt, parseFailpoints } from './failpoints';
import type { KubeAccess } from './kube/access';
import { inClusterAccess } from './kube/incluster';
import { startOperator } from './operator';
import { createLog, createSecrets } from './ops/log';

/** Until SIGTERM or SIGINT. @throws GungnirError for what a user can mend; nothing runs then. */
export async function runOperator(
  argv: readonly string[],
  accessOf: (args: OperatorArgs) => Promise<KubeAccess>,
): Promise<void> {
  const args = parseOperatorArgs(argv, process.env);
  const access = await accessOf(args);
  const makeId = (): string => randomBytes(5).toString('hex');
  const operator = await startOperator({
    args,
    access,
    clock: systemClock,
    rng: rngFrom(randomInt(2 ** 32)),
    transport: createSocketTransport(),
    log: createLog({
      level: args.logLevel,
      write: (line) => process.stdout.write(`${line}\n`),
      wallMs: () => Date.now(),
      secrets: createSecrets(),
    }),
    identity: `${hostname()}_${makeId()}`,
    makeId,
    onStep: failpoints(args),
  });
  await asked();
  await operator.stop();
}

/** A stopped process cannot be told from a hung one: that is the point. */
function failpoints(args: OperatorArgs): (told: Tell) => void {
  const steps = parseFailpoints(
    args.failpoints === 'allowed' ? process.env.GUNGNIR_FAILPOINTS : undefined,
  );
  return failpointAt(steps, (step) => {
    process.stderr.write(`failpoint ${step}: stopped\n`);
    process.kill(process.pid, 'SIGSTOP');
  });
}

function asked(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
}

export function inCluster(): Promise<KubeAccess> {
  return inClusterAccess({ clock: systemClock, env: process.env });
}
