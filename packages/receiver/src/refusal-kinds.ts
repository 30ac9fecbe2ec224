/* For a Worker refusal-kinds-lean.ts stands in the place of this file, as rejections-lean.ts does in verify. */

/** What is known of one kind of refusal that is the receiver's own. The table {@link refusals} holds one per code. */
export interface RefusalKind {
  /** The HTTP status of the answer. */
  readonly status: 400 | 405 | 408 | 413 | 415 | 417 | 431 | 500 | 503;
  /** What it means, one sentence. */
  readonly meaning: string;
  /** What the operator can do. */
  readonly remedy: string;
}

const kind = (status: RefusalKind['status'], meaning: string, remedy: string): RefusalKind => ({
  status,
  meaning,
  remedy,
});

/** Every way in which a call can be refused besides failing verification, by its stable code. */
export const refusals = {
  ERR_HTTP_UNREADABLE: kind(400, 'The request is not HTTP that can be read.', 'Nothing to do for genuine calls.'),
  ERR_METHOD_NOT_ALLOWED: kind(405, 'The method is not POST.', 'Nothing to do for genuine calls: they are POSTs.'),
  ERR_REQUEST_TIMEOUT: kind(
    408,
    'The head of the request did not arrive in time.',
    'Nothing to do, unless the network in front of this server is very slow.',
  ),
  ERR_BODY_TIMEOUT: kind(
    408,
    'The body did not arrive in time.',
    'If genuine calls fail so, look for a slow proxy, or allow more time with `bodyTimeoutMs`.',
  ),
  ERR_BODY_TOO_LARGE: kind(
    413,
    'The body is larger than `maxBodyBytes`.',
    'A bounce carries a whole message: allow more with `maxBodyBytes` if genuine calls are refused.',
  ),
  ERR_CONTENT_ENCODING: kind(
    415,
    'The body has a Content-Encoding, and only identity is taken.',
    'If genuine calls fail so, a proxy compresses request bodies: switch that off.',
  ),
  ERR_EXPECTATION: kind(
    417,
    'The request has an Expect header other than 100-continue.',
    'Nothing to do for genuine calls.',
  ),
  ERR_HEADERS_TOO_LARGE: kind(
    431,
    'The request has too many or too large headers.',
    'If genuine calls fail so, a proxy adds headers by the dozen: let it add fewer.',
  ),
  ERR_BODY_ABORTED: kind(
    400,
    'The body ended before the whole of it had come.',
    'If genuine calls fail so, look for a proxy or firewall that cuts connections, or for a limit of the framework on bodies.',
  ),
  ERR_BODY_CONSUMED: kind(
    500,
    'Something read the body before this middleware could: the bytes that were signed are gone.',
    'Mount webhooks() before express.json(), express.urlencoded() and every other body parser.',
  ),
  ERR_HANDLER_FAILED: kind(
    500,
    'A handler failed.',
    'Look at the error; the event was not taken, and may be sent again.',
  ),
  ERR_EVENT_UNREADABLE: kind(
    500,
    'The call is genuine, but its body cannot be read as an event, and there is no handler for such.',
    'Give a handler for `unknown` or `*`, so that nothing is lost.',
  ),
  ERR_HANDLER_TIMEOUT: kind(
    503,
    'A handler ran over its time. It may still finish; until it settles a repeat of the call waits.',
    'Let handlers hand work over and return, or allow more time with `handlerTimeoutMs`.',
  ),
  ERR_HANDLER_BUSY: kind(
    503,
    'A handler asked for the event to be sent again later (RetryLaterError).',
    'Whatever the handler said.',
  ),
  ERR_PENDING: kind(
    503,
    'The very same call is still being handled.',
    'Nothing to do; if it happens often, handlers are slower than the sender is patient.',
  ),
  ERR_OVERLOADED: kind(
    503,
    'Too many genuine calls, or bytes of their bodies, are being handled already; it waited two seconds for room.',
    'Look for handlers that are slow or never end; with memory to spare allow more with `maxConcurrentCalls` or `maxBufferedBytes`.',
  ),
  ERR_INBOX_UNAVAILABLE: kind(
    503,
    'The inbox could not keep the call: it is full, locked, slow or gone.',
    'Look at the reason in the log: make room, or bring the database back. Nothing that was answered 200 is lost.',
  ),
  ERR_SHUTTING_DOWN: kind(503, 'This process is shutting down.', 'Nothing to do: the sender may try again.'),
  ERR_INTERNAL: kind(500, 'Something broke in the receiver itself.', 'Look at the cause in the log, and report it.'),
} as const satisfies Record<string, RefusalKind>;
