/**
 * Leading takes two things: the lease, and a first complete list of every kind. Before that a pod that
 * was not listed yet would look as if it were gone.
 * Never here: the lease itself (kube/elector.ts).
 */

export class Lead {
  private caches: 'listing' | 'listed' = 'listing';

  /** @param onChange told in order; `led` never before the caches were listed. */
  constructor(
    private readonly lease: () => 'granted' | 'denied',
    private readonly onChange: (kind: 'led' | 'lost') => void,
  ) {}

  mayAct(): 'granted' | 'denied' {
    return this.caches === 'listed' ? this.lease() : 'denied';
  }

  /** The lease was won or lost. */
  changed(kind: 'led' | 'lost'): void {
    if (kind === 'lost' || this.caches === 'listed') this.onChange(kind);
  }

  /** Every first list is complete; a lease that was won meanwhile counts from now on. */
  listed(): void {
    this.caches = 'listed';
    if (this.mayAct() === 'granted') this.onChange('led');
  }
}
