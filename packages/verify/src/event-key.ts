import { hashText } from './signature-algorithm.js';
import { keyOf } from './verified-body.js';

/**
 * The key of an event, as `eventKey` of a verified request has it.
 *
 * @param identity - whose call it is, in one spelling: `environment-1234`.
 */
export async function eventKeyOf(identity: string, body: Uint8Array): Promise<string> {
  return keyOf(identity, await hashText('sha-256', body, 'base64'));
}
