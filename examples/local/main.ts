/**
 * `npm start`: the main job, from a definition to a failover: a local Kubernetes, the operator that ships,
 * real valkey-servers; the primary is killed with -9, and later hands over as planned. Each is shown as a
 * timeline. Exit code 0 only if all that is promised held. Ends its processes whatever happens.
 */
import { type Check, perform } from '../perform';
import { heading, note, timeline, verdict } from '../screen';
import { type Act, crash, switchover } from './acts';
import { buildStage, type Stage } from './stage';

/** Set-up apart, a run takes some twelve seconds. */
const WHOLE_MS = 120_000;

let building: Promise<Stage> | undefined;
let cleaning: Promise<void> | undefined;

async function play(): Promise<readonly Check[]> {
  heading('From a definition to a cluster');
  building = buildStage((text, tookMs) =>
    note(`${(tookMs / 1000).toFixed(1).padStart(5)} s  ${text}`),
  );
  const stage = await building;
  await cast(stage);
  heading(`1. kill -9 of the primary, ${(await stage.scene.primary()).pod}`);
  const crashed = shown(await crash(stage));
  heading(`2. a planned switchover away from ${(await stage.scene.primary()).pod}`);
  const moved = shown(await switchover(stage));
  return [...crashed.checks, ...moved.checks];
}

/** Who is on the stage. */
async function cast({ scene, world }: Stage): Promise<void> {
  const { nodeStatuses = [] } = await scene.status();
  for (const { podName, role } of nodeStatuses) {
    const pod = await world.get<{ readonly status: { readonly podIP?: string } }>({
      kind: 'pod',
      namespace: 'default',
      name: podName,
    });
    note(`${podName}  ${pod?.status.podIP ?? ''}  ${role === 'Master' ? 'primary' : 'replica'}`);
  }
}

function shown(act: Act): Act {
  const { steps, row, checks } = act;
  timeline(steps);
  note(`no write was acknowledged for ${row.gapMs.toFixed(0)} ms`);
  note(`${row.acked} writes acknowledged so far: ${row.ackedLost.length} lost`);
  note(`${row.safe} of them made safe by WAIT 1: ${row.safeLost.length} lost`);
  for (const { good, text } of checks) verdict(good, text);
  return act;
}

/** Once, however often it is asked for. */
function clean(): Promise<void> {
  cleaning ??= (async () => {
    const stage = await building?.catch(() => undefined);
    await stage?.stop();
  })();
  return cleaning;
}

function whatNext(): void {
  heading('Try next');
  note('node bin/gungnir.js local up -f examples/manifests/minimal.yaml');
  note('                          the same, kept running for your own kubectl');
  note('npm run engine            the engine alone, without Kubernetes');
  note('npm run bench -- --quick  the same beside three real Sentinels');
  note('npm test                  everything that holds this together');
}

function firstLine(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.split('\n')[0] ?? message;
}

void perform({
  command: 'npm start',
  withinMs: WHOLE_MS,
  play,
  clean,
  whatNext,
  explain: firstLine,
});
