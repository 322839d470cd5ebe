/**
 * Fresh connects, closed at once: does anybody listen there? Two refusals in a row say no. A process
 * that is ending closes its listener after its connections, so what is no refusal is tried again, at
 * growing intervals, as long as the budget lasts.
 * Never here: what it proves (core/evidence).
 */
import type { Millis } from '../../kit/brands';
import type { Outcome } from '../core/event';
import type { Address } from '../core/facts';
import { leftMs } from './deadline';
import type { Transport } from './ports';

type Knocked = Extract<Outcome, { readonly kind: 'knocked' }>;

/** Rest after the first answer that is no refusal; doubled each time. */
const FIRST_REST_MS = 1;

export async function knock(
  transport: Transport,
  address: Address,
  budgetMs: Millis,
  nowMs: () => Millis,
): Promise<Knocked> {
  const sinceMs = nowMs();
  const left = (): Millis => leftMs(budgetMs, sinceMs, nowMs());
  let refusals = 0;
  for (let restMs = FIRST_REST_MS; ; ) {
    const connected = await transport.connect(address, left(), () => {});
    if (connected.kind === 'open') connected.connection.destroy();
    const refused = connected.kind === 'failed' && connected.by === 'refused';
    refusals = refused ? refusals + 1 : 0;
    if (refusals === 2) return { kind: 'knocked', answers: 'bothRefused' };
    if (left() <= restMs) {
      return { kind: 'knocked', answers: connected.kind === 'open' ? 'accepted' : 'unclear' };
    }
    if (refused) continue;
    await new Promise((resolve) => setTimeout(resolve, restMs));
    restMs *= 2;
  }
}
