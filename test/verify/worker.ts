/**
 * A process that runs the jobs it is sent, one after the other, and sends back what came of each.
 * Never here: which job comes next (pool.ts).
 */
import { type Job, runJob } from './job';

process.on('message', (job: Job) => {
  void runJob(job).then(
    (report) => process.send?.(report),
    (error: unknown) => {
      const problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
      const line = `${job.kind} ${job.name} broke off`;
      process.send?.({ holds: false, line, details: problem.split('\n'), states: 0, seen: [] });
    },
  );
});
