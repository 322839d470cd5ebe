/**
 * Rows run beside each other: each lane has a Kubernetes of its own, so that no row feels another one's
 * fault, and takes the next row as soon as it is free.
 * Never here: what a row is, printing.
 */
import { type Done, isGood } from './report';
import { nameOf, type Row } from './row';
import { runRow } from './run';
import type { OpenTheatre } from './theatre';

export interface Lanes {
  readonly rows: readonly Row[];
  readonly count: number;
  /** Row n has this plus n, in whichever lane it runs. */
  readonly firstSeed: number;
  /** What is going on, for people. */
  readonly onNote: (line: string) => void;
  readonly onDone: (done: Done) => void;
  readonly open: () => Promise<OpenTheatre>;
}

export interface Running {
  readonly done: Promise<{ readonly passed: number; readonly failed: number }>;
  /** Takes the Kubernetes away from under whatever runs. */
  stop(): Promise<void>;
}

export function runLanes({ rows, count, firstSeed, onNote, onDone, open }: Lanes): Running {
  const queue = rows.map((row, index) => ({ row, seed: firstSeed + index }));
  const theatres = new Set<OpenTheatre>();
  const counts = { passed: 0, failed: 0 };
  const opened = async (): Promise<OpenTheatre> => {
    const theatre = await open();
    theatres.add(theatre);
    return theatre;
  };
  const closed = async (theatre: OpenTheatre): Promise<void> => {
    if (theatres.delete(theatre)) await theatre.close();
  };
  const lane = async (): Promise<void> => {
    let theatre = await opened();
    try {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const { row, seed } = next;
        const missing = row.needs.filter((need) => !theatre.offers.includes(need));
        if (missing.length > 0) {
          onNote(`not here ${nameOf(row)}: this Kubernetes does not offer ${missing.join(', ')}`);
          continue;
        }
        const done = await runOne(row, seed, theatre);
        if (isGood(done)) counts.passed += 1;
        else counts.failed += 1;
        onDone(done);
        // What a run that broke off left behind is nobody's fault but its own.
        if (typeof done.result === 'string') {
          await closed(theatre);
          theatre = await opened();
        }
      }
    } finally {
      await closed(theatre);
    }
  };
  const ends = Array.from({ length: Math.min(count, rows.length) }, () =>
    lane().catch((error: unknown) => {
      queue.length = 0;
      throw error;
    }),
  );
  const stop = async (): Promise<void> => {
    queue.length = 0;
    await Promise.all([...theatres].map(closed));
  };
  return { done: Promise.all(ends).then(() => counts), stop };
}

async function runOne(row: Row, seed: number, theatre: OpenTheatre): Promise<Done> {
  const startedMs = performance.now();
  const result = await runRow(row, seed, theatre).catch((error: unknown) =>
    error instanceof Error ? error.message : String(error),
  );
  return { row, seed, tookMs: performance.now() - startedMs, result };
}
