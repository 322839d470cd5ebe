/**
 * Two fresh connects, one after the other, closed at once: does anybody listen there? Only two clear
 * refusals say no; a process that is being replaced refuses once.
 * Never here: what it proves (core/evidence).
 */
import type { Millis } from '../../kit/brands';
import type { Outcome } from '../core/event';
import type { Address } from '../core/facts';
import { leftMs } from './deadline';
import type { Transport } from './ports';

type Knocked = Extract<Outcome, { readonly kind: 'knocked' }>;

export async function knock(
  transport: Transport,
  address: Address,
  budgetMs: Millis,
  nowMs: () => Millis,
): Promise<Knocked> {
  const sinceMs = nowMs();
  for (let tries = 0; tries < 2; tries += 1) {
    const connected = await transport.connect(
      address,
      leftMs(budgetMs, sinceMs, nowMs()),
      () => {},
    );
    if (connected.kind === 'open') {
      connected.connection.destroy();
      return { kind: 'knocked', answers: 'accepted' };
    }
    if (connected.by !== 'refused') return { kind: 'knocked', answers: 'unclear' };
  }
  return { kind: 'knocked', answers: 'bothRefused' };
}
