/**
 * iovalkey, set up so that it rides through a failover. Two rules do it:
 *   1. The client fails fast and connects again at once; it never keeps or repeats a command by itself.
 *   2. The application repeats what was not confirmed. So each write must bear being done twice.
 */
import Valkey from 'iovalkey';

/** No answer for so long is a connection to give up: a hung primary does not close its sockets. */
const ANSWER_MS = 1000;
const RETRY_MS = 20;

export function createStore({ host, port, password }) {
  const valkey = new Valkey({
    host,
    port,
    password,
    connectTimeout: ANSWER_MS,
    // A command beyond it fails, and the connection is made anew (below).
    commandTimeout: ANSWER_MS,
    // Always again, soon: the Service leads to the new primary as soon as there is one.
    retryStrategy: () => RETRY_MS,
    // What was under way when the connection ended fails at once, and the application decides.
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    enableOfflineQueue: false,
    // It asks INFO before the first command; the first answer tells as well.
    enableReadyCheck: false,
  });
  // Without a listener, iovalkey prints each failed connect.
  valkey.on('error', () => {});

  async function saved(key, value) {
    // WAIT speaks of the writes of its own connection, so both go through one pipeline.
    const [[refused], [, replicas]] = await valkey
      .pipeline()
      .set(key, value)
      .wait(1, ANSWER_MS / 2)
      .exec();
    if (refused) throw refused;
    if (!(replicas >= 1)) throw new Error('no replica has it yet');
  }

  /** Until `act` succeeds. @returns at which try it did. */
  async function again(act) {
    for (let tries = 1; ; tries += 1) {
      try {
        await act();
        return tries;
      } catch (error) {
        // READONLY: still connected to what was the primary. Timed out: hung. Both: connect anew.
        if (/READONLY|timed out/i.test(error.message)) valkey.disconnect(true);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  return {
    /** Resolved when the primary and a replica have it. @returns how many tries it took. */
    save: (key, value) => again(() => saved(key, value)),

    /** Which of these keys are not there. */
    async missing(keys) {
      const gone = [];
      for (let from = 0; from < keys.length; from += 500) {
        const some = keys.slice(from, from + 500);
        let values = [];
        await again(async () => {
          values = await valkey.mget(some);
        });
        gone.push(...some.filter((_key, index) => values[index] === null));
      }
      return gone;
    },

    close: () => valkey.disconnect(),
  };
}
