/**
 * What failover.md promises again and again: bounds that many rows share, named after what happens.
 * Never here: a row (table-*.ts).
 */
export const allPolicies = ['Durable', 'Balanced', 'Available'] as const;
/** A process that comes back in reach is claimed and demoted at its next probe. */
export const DEMOTED_MS = 2_000;
/** A process that was paused may acknowledge one last batch. */
export const LAST_BATCH_MS = 50;
/** No replica counts for 2 to 4 s, then a grant after 3 s more, and the probes that see it. */
export const GRANTED_MS = 6_000;
/**
 * A client reconnects within this where nothing is wrong with the data path, on a machine that is busy too:
 * below what a primary that is waited for costs. That none was changed is a bound of its own.
 */
export const UNDISTURBED_MS = 2_500;

/** Acknowledged without WAIT: what a dead process had not sent yet is lost, and said. */
export const failedOver = {
  ackedLost: 'reported',
  changes: { least: 1, most: 1 },
  told: ['PrimaryDown', 'PrimaryChanged'],
  neverTold: ['TwoWritersAccepted', 'UnknownPrimary', 'SecondPrimary'],
} as const;
export const movedByPlan = {
  changes: { least: 1, most: 1 },
  told: ['PrimaryChanged'],
  neverTold: ['TwoWritersAccepted', 'WritesDiverged', 'SwitchoverGivenUp'],
} as const;
export const untouched = {
  gapMs: UNDISTURBED_MS,
  neverTold: ['PrimaryDown', 'PrimaryKilled', 'TwoWritersAccepted'],
} as const;
/** Nothing that had it in memory lives on: WAIT promises memory, not disk. */
export const beyondPromise = { safeLost: 'reported', ackedLost: 'reported' } as const;
/** Durable: too few are left that could have confirmed a write, so a user is asked, and answers. */
export const asked = {
  ...failedOver,
  safeLost: 'reported',
  told: ['PrimaryDown', 'TooFewReplicasHeard', 'PrimaryChanged'],
  says: 'accept=\\S+@\\d+',
} as const;
/** The other policies: what only the dead had confirmed may be lost, and nobody is asked. */
export const goneOn = {
  safeLost: 'reported',
  told: ['PrimaryChanged'],
  neverTold: [...failedOver.neverTold, 'TooFewReplicasHeard'],
} as const;
