import { getServers } from 'node:dns';
import { askTxt } from '@smtpeter-webhooks/sender';

/** One TXT record at the name of a key. */
export interface PublishedRecord {
  /** Its strings joined. */
  readonly text: string;
  /** Seconds. */
  readonly ttl: number;
}

/** What DNS says of a name. */
export type Published =
  | { readonly outcome: 'records'; readonly server: string; readonly records: readonly PublishedRecord[] }
  | { readonly outcome: 'none'; readonly server: string; readonly detail: string }
  | { readonly outcome: 'failed'; readonly detail: string };

/**
 * Asks for the records at a key's name, one server after the other until one knows; over TCP where UDP is too small.
 *
 * @param servers - default the system's.
 */
export async function publishedRecords(name: string, servers: readonly string[] = getServers()): Promise<Published> {
  let detail = 'there is no DNS server to ask';
  for (const server of servers) {
    try {
      let answer = await askTxt(name, { server });
      if (answer.truncated) answer = await askTxt(name, { server, transport: 'tcp' });
      if (answer.rcode === 'NXDOMAIN') return { outcome: 'none', server, detail: 'the name does not exist' };
      if (answer.rcode !== 'NOERROR') {
        detail = `${server} answers ${answer.rcode}`;
        continue;
      }
      const records = answer.records.map(({ strings, ttl }) => ({ text: strings.join(''), ttl }));
      if (records.length === 0) return { outcome: 'none', server, detail: 'the name has no TXT record' };
      return { outcome: 'records', server, records };
    } catch (error) {
      detail = `${server}: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
  return { outcome: 'failed', detail };
}
