import { createEventParser, type FieldSchemas, type WebhookEvent } from '@smtpeter-webhooks/events';
import {
  type Handlers,
  type Inbox,
  type InboxWorker,
  type InboxWorkOptions,
  type Logger,
  readHandlers,
  readLogger,
} from '@smtpeter-webhooks/receiver';

/** `F` are the schemas in `fields`; handlers see the types that they give. */
export interface StartWorkerOptions<F extends FieldSchemas = FieldSchemas, Tx = undefined>
  extends InboxWorkOptions<Tx> {
  readonly inbox: Inbox<Tx>;
  /** Handlers by kind of event. Or `batch`. */
  readonly on?: Handlers<F, Tx>;
  /** The IANA zone of times that come without one; default `UTC`. */
  readonly timeZone?: string;
  /** Schemas for the fields of profiles; see `fields` of the receiver. */
  readonly fields?: F;
  /** Where to log; default warnings and errors to the console; `false` is silent. */
  readonly log?: Logger | false;
  /** Told when an attempt failed. */
  readonly onError?: (error: unknown, event: WebhookEvent | undefined) => unknown;
}

/**
 * Handles what an inbox keeps, in a process that need not be the one that accepts. It keeps the process alive until it
 * is closed.
 *
 * @throws TypeError that names the option that is wrong, and what to give.
 */
export function startWorker<const F extends FieldSchemas, Tx = undefined>(
  options: StartWorkerOptions<F, Tx>,
): InboxWorker {
  const { inbox, timeZone, fields, onError, batch } = options;
  // The schemas' types are between the handlers and the parser.
  const on = options.on as unknown as Handlers<FieldSchemas, Tx> | undefined;
  if (typeof inbox?.work !== 'function') throw new TypeError('inbox: give what sqliteInbox or postgresInbox returns.');
  if (batch === undefined && Object.keys(on ?? {}).length === 0) throw new TypeError('Give on, or batch.');
  if (batch !== undefined && on !== undefined) throw new TypeError('Give on or batch, not both.');
  const log = readLogger(options.log);
  return inbox.work({
    ...options,
    handlersOf: readHandlers(on),
    parse: createEventParser({
      ...(timeZone !== undefined && { timeZone }),
      ...(fields !== undefined && { fields: fields as FieldSchemas }),
    }),
    log,
    onError(error, event) {
      try {
        const result = onError?.(error, event);
        void Promise.resolve(result).catch(() => log.error('onError failed'));
      } catch {
        log.error('onError failed');
      }
    },
  });
}
