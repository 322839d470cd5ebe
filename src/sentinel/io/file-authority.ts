/**
 * The authority of several processes on one machine: a folder of their own holds the lease and the
 * record. Whoever holds it renews it; when that process dies, another takes over after the lease's
 * time. One that was only stopped is refused by its own clock check, and its claims are gone (I1).
 * Never here: the store's format (file-store.ts), the election (core/election.ts).
 */
import type { OptionProblem } from '../../kit/invalid-options';
import { problem, refuseOptions } from '../../kit/option-problems';
import { createFileStore } from './file-store';
import { createLeasedAuthority, type LeaseTimes, timeProblems } from './leased-authority';
import type { Authority } from './ports';

/** Where `fileAuthority` keeps lease and record, and the times of the lease. */
export interface FileAuthorityOptions extends Partial<LeaseTimes> {
  /**
   * Path of a folder that belongs to this cluster alone; made when it is not there. It must lie on a
   * file system of this machine. It also keeps the cluster's record, so it is not to be removed
   * between two runs: without the record the engine asks before it promotes.
   */
  readonly folder: string;
  /** Each failure to read or write the folder. Default: a process warning, once for each text. */
  readonly onTrouble?: (error: Error) => void;
}

/** One machine, one disk: a renewal is late only when the process is, so it need not wait for long. */
const defaults: LeaseTimes = { leaseDurationMs: 5000, renewDeadlineMs: 3500, retryMs: 1000 };

/**
 * For one Sentinel: give each process one of its own, over the same folder.
 * @param options default times: lease 5000 ms, renewed within 3500 ms, a try each 1000 ms.
 * @throws InvalidOptionsError naming every field that cannot be used.
 */
export function fileAuthority(options: FileAuthorityOptions): Authority {
  const { folder, onTrouble = warnOnce(), ...given } = options;
  const times = { ...defaults, ...given };
  refuseOptions([...timeProblems(times), ...folderProblems(folder)]);
  return createLeasedAuthority({ ...times, store: createFileStore(folder), onTrouble });
}

function folderProblems(folder: unknown): readonly OptionProblem[] {
  if (typeof folder === 'string' && folder !== '') return [];
  return [problem('folder', folder, 'give the path of a folder of its own')];
}

/** The same trouble comes back each second; a warning for each would fill the log. */
export function warnOnce(): (error: Error) => void {
  const said = new Set<string>();
  return (error) => {
    if (said.has(error.message)) return;
    said.add(error.message);
    process.emitWarning(error.message, 'GungnirWarning');
  };
}
