import { describeError } from './complaints.js';
import { readHandlers } from './handlers.js';
import type { InboxWorker } from './inbox.js';
import type { ReceiverOptions, Settings } from './options.js';

/**
 * Lets an inbox's events be handled in this process, if there is an inbox and something to handle them.
 *
 * @throws TypeError that names the option that is wrong, and what to give.
 */
export function startWork(options: ReceiverOptions, settings: Settings): InboxWorker | undefined {
  const { inbox, on, worker } = options;
  if (inbox === undefined) return undefined;
  const handlersOf = readHandlers(on);
  if (worker?.batch === undefined && Object.keys(on ?? {}).length === 0) return undefined;
  const { parse, log, onError } = settings;
  return inbox.work({
    ...worker,
    handlersOf,
    parse,
    log,
    onError(error, event) {
      if (event === undefined || onError === undefined) return;
      const failed = (cause: unknown) => log.error(`onError failed: ${describeError(cause)}`);
      try {
        const result = onError(error, event);
        void Promise.resolve(result).catch(failed);
      } catch (cause) {
        failed(cause);
      }
    },
  });
}
