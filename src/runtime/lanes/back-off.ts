/** How long to wait before the next try: doubled with each failure, up to a limit. */
export class BackOff {
  private failures = 0;

  /** Both in ms. */
  constructor(
    private readonly firstMs: number,
    private readonly maxMs: number,
  ) {}

  nextMs(): number {
    const afterMs = Math.min(this.maxMs, this.firstMs * 2 ** Math.min(this.failures, 30));
    this.failures += 1;
    return afterMs;
  }

  reset(): void {
    this.failures = 0;
  }
}
