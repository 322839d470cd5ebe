/**
 * One piece of work at a time; what is urgent overtakes what has not begun yet.
 * Never here: what the work is.
 */

type Work = () => Promise<void>;

export class Turns {
  private readonly urgent: Work[] = [];
  private readonly ordinary: Work[] = [];
  private phase: 'idle' | 'working' = 'idle';

  first<T>(work: () => Promise<T>): Promise<T> {
    return this.queued(this.urgent, work);
  }

  last<T>(work: () => Promise<T>): Promise<T> {
    return this.queued(this.ordinary, work);
  }

  private queued<T>(queue: Work[], work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      queue.push(() => work().then(resolve, reject));
      void this.drain();
    });
  }

  private async drain(): Promise<void> {
    if (this.phase === 'working') return;
    this.phase = 'working';
    for (let next = this.take(); next !== undefined; next = this.take()) await next();
    this.phase = 'idle';
  }

  private take(): Work | undefined {
    return this.urgent.shift() ?? this.ordinary.shift();
  }
}
