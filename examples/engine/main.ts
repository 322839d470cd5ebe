/**
 * `npm run engine`: three real valkey-servers under the engine, two clients that write; the primary is killed
 * with -9, comes back, and later hands over as planned. Each is shown as a timeline. Exit code 0 only if
 * all that is promised held. Ends its processes and removes its folder whatever happens.
 */
import { type Lab, startLab } from '../../test/kit/valkey';
import { type Check, perform } from '../perform';
import { heading, note, timeline, verdict } from '../screen';
import { type Act, comeBack, crash, switchover } from './acts';
import { buildStage, type Stage } from './stage';

/** A run takes some six seconds. */
const WHOLE_MS = 28_000;

let lab: Promise<Lab> | undefined;
let stage: Stage | undefined;
let cleaning: Promise<void> | undefined;

async function play(): Promise<readonly Check[]> {
  lab = startLab();
  const { servers } = await lab;
  stage = await buildStage(await lab);
  heading('Three real valkey-servers, one engine, two clients that write');
  for (const server of servers) {
    const role = server === stage.primary() ? 'primary' : 'replica';
    note(`${server.name}  ${server.host}:${server.port}  pid ${server.pid()}  ${role}`);
  }

  const killed = stage.primary();
  heading(`1. kill -9 of the primary, ${killed.name}`);
  const crashed = shown(await crash(stage));
  const returned = await comeBack(stage, killed);
  verdict(returned.good, returned.text);

  heading(`2. a planned switchover away from ${stage.primary().name}`);
  const moved = shown(await switchover(stage));
  return [...crashed.checks, returned, ...moved.checks];
}

function shown(act: Act): Act {
  const { kept, gapMs, checks } = act;
  timeline(act.steps);
  note(`no write was acknowledged for ${gapMs.toFixed(1)} ms`);
  note(`${kept.acked} writes acknowledged: ${kept.ackedLost} lost`);
  note(`${kept.safe} of them made safe by WAIT 1: ${kept.safeLost} lost`);
  for (const { good, text } of checks) verdict(good, text);
  return act;
}

/** Once, however often it is asked for. */
function clean(): Promise<void> {
  cleaning ??= (async () => {
    await stage?.stop().catch(() => {});
    const started = await lab?.catch(() => undefined);
    await started?.stop();
  })();
  return cleaning;
}

function whatNext(): void {
  heading('Try next');
  note('npm run bench -- --quick   the same beside three real Sentinels');
  note('npm test                   everything that holds this together');
  note('examples/manifests         a ValkeyCluster for Kubernetes');
}

/** One sentence and what to do; never a stack trace. */
function explain(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (message.includes('Address already in use')) {
    return 'another process took the port in between. To fix: run it again, it finds a free one';
  }
  if (message.includes('Cannot assign requested address')) {
    return 'this machine has no 127.0.0.2. To fix (macOS): sudo ifconfig lo0 alias 127.0.0.2, and 127.0.0.3';
  }
  if (/^spawn .* (ENOENT|EACCES)$/.test(message)) {
    const program = message.split(' ')[1] ?? '';
    return `${program} is not a program. To fix: set VALKEY_SERVER to the path of a valkey-server`;
  }
  if (message.startsWith('valkey-server ended')) {
    const last = message.trim().split('\n').at(-1) ?? message;
    return `a valkey-server did not start: ${last}. To fix: run \`valkey-server --version\`, it must be Valkey 8`;
  }
  return message.split('\n')[0] ?? message;
}

void perform({
  command: 'npm run engine',
  withinMs: WHOLE_MS,
  play,
  clean,
  whatNext,
  explain,
});
