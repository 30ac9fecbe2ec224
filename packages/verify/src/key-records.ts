import { parseDkimRecord } from './dkim-record.js';
import type { KeysRefused, VerificationKey } from './key-source.js';
import { importDkimKey, type KeyImportError } from './signature-algorithm.js';

/** More records than anyone has at a name; more usable keys than anyone rotates between. */
const MAX_RECORDS = 16;
const MAX_KEYS = 4;

/**
 * Makes keys of the TXT records at a name. Records that are not DKIM key records are skipped; with several keys, as
 * during a rotation, each is kept, since each may have signed.
 */
export async function readKeyRecords(
  records: readonly string[],
): Promise<KeysRefused | { readonly outcome: 'keys'; readonly keys: readonly VerificationKey[] }> {
  const keys: VerificationKey[] = [];
  let revoked = 0;
  const reasons: string[] = [];
  for (const text of records.slice(0, MAX_RECORDS)) {
    const record = parseDkimRecord(text);
    if (record.kind === 'revoked') revoked++;
    else if (record.kind === 'unusable') reasons.push(record.reason);
    else if (record.kind === 'key' && keys.length < MAX_KEYS) {
      try {
        keys.push(await importDkimKey(record.type, record.data));
      } catch (error) {
        reasons.push((error as KeyImportError).message);
      }
    }
  }
  if (keys.length > 0) return { outcome: 'keys', keys };
  if (reasons.length > 0)
    return { outcome: 'refused', code: 'ERR_KEY_UNUSABLE', detail: reasons.join('; ').slice(0, 500) };
  if (revoked > 0) return { outcome: 'refused', code: 'ERR_KEY_REVOKED', detail: 'p= is empty' };
  return { outcome: 'refused', code: 'ERR_KEY_NOT_FOUND', detail: 'no DKIM record at the name' };
}
