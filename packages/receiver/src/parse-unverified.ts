import { createEventParser, type FieldSchemas, type ParseOptions, type WebhookEvent } from '@smtpeter-webhooks/events';
import { eventKeyOf } from '@smtpeter-webhooks/verify';

/** A call that something else has verified. */
export interface UnverifiedCall<F extends FieldSchemas = FieldSchemas> extends ParseOptions<F> {
  /** The exact bytes of the body. */
  readonly body: Uint8Array;
  /** The Content-Type as it came. */
  readonly contentType?: string;
  /** Whose call it is, in one spelling: `environment-1234`, `account-1234`. */
  readonly identity: string;
}

/**
 * Makes an event of a body WITHOUT VERIFYING ANYTHING: whoever can hand a body to this can make up events. It is for
 * what something else has verified, such as a queue behind a receiver. `verify` with `receivedAt` verifies a call that
 * has waited.
 *
 * @throws TypeError when the body is not bytes, or there is no such time zone.
 */
export async function parseUnverified<const F extends FieldSchemas = FieldSchemas>(
  call: UnverifiedCall<F>,
): Promise<WebhookEvent<F>> {
  const { body, contentType, identity, ...options } = call;
  if (!(body instanceof Uint8Array)) {
    throw new TypeError(
      'body: give the exact bytes as they came, a Uint8Array; not text, and nothing that was parsed.',
    );
  }
  const parse = createEventParser<F>(options as ParseOptions<F>);
  return parse({ body, contentType, identity, key: await eventKeyOf(identity, body) });
}
