/**
 * Runs jobs in as many processes as the machine has cores. Which process takes a job changes nothing
 * about its result; reports are given out in the order of the jobs.
 * Never here: what a job does.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Job, Report } from './job';

/** @param start the indices of the jobs in the order in which they begin: the long ones first. */
export async function runAll(
  jobs: readonly Job[],
  start: readonly number[],
  take: (job: Job, report: Report) => void,
): Promise<void> {
  const waiting = [...start];
  const reports = new Map<number, Report>();
  let given = 0;
  const done = (index: number, report: Report): void => {
    reports.set(index, report);
    for (
      let next = reports.get(given), job = jobs[given];
      next !== undefined && job !== undefined;
      next = reports.get(given), job = jobs[given]
    ) {
      take(job, next);
      given += 1;
    }
  };
  const count = Math.min(availableParallelism(), jobs.length);
  await Promise.all(
    Array.from({ length: count }, async () => {
      const worker = fork(join(__dirname, 'worker.ts'));
      for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
        const job = jobs[index];
        if (job !== undefined) done(index, await ask(worker, job));
      }
      worker.disconnect();
    }),
  );
}

function ask(worker: ChildProcess, job: Job): Promise<Report> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void =>
      reject(new Error(`the process for ${job.kind} ${job.name} ended with ${code}`));
    worker.once('exit', ended);
    worker.once('message', (report) => {
      worker.off('exit', ended);
      resolve(report as Report);
    });
    worker.send(job);
  });
}
