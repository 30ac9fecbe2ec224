import { type KeyServer, startKeyServer } from '@smtpeter-webhooks/sender';
import { exitCodes, Failure, misuse } from '../failure.js';
import { isHostName } from '../keys/host-name.js';
import { dkimRecordOf, readPublicKey } from '../keys/public-key-file.js';
import { onStopSignal } from '../stop-signals.js';
import { safeText } from '../terminal-text.js';

export interface DnsOptions {
  readonly key: string[];
  readonly name: string[];
  readonly port: number;
  readonly address: string;
  readonly json?: true;
}

/** Publishes keys until it is told to stop. @throws Failure */
export async function serveKeys(options: DnsOptions): Promise<void> {
  const records = await readRecords(options);
  const server = await start(options, records);
  const { address, port } = server;
  const print = (line: Record<string, unknown>, text: string) =>
    process.stdout.write(`${options.json ? JSON.stringify(line) : text}\n`);
  print({ line: 'ready', address, port, server: server.server }, `publishing on ${server.server} (UDP and TCP)`);
  const told = async () => {
    for (;;) {
      const { name, type, transport } = await server.nextQuery();
      print({ line: 'query', name, type, transport }, `asked for ${type} ${safeText(name)} over ${transport}`);
    }
  };
  void told();
  await new Promise<void>((resolve) => onStopSignal(resolve));
  await server.close();
}

async function readRecords({ key, name }: DnsOptions): Promise<Record<string, string[]>> {
  if (key.length !== 1 && key.length !== name.length) {
    throw misuse(
      `There are ${key.length} --key and ${name.length} --name: give one --key for all, or one for each --name.`,
    );
  }
  const texts = await Promise.all(key.map(async (path) => dkimRecordOf(await readPublicKey(path))));
  const records: Record<string, string[]> = {};
  for (const [i, one] of name.entries()) {
    const plain = one.toLowerCase().replace(/\.$/, '');
    if (!isHostName(plain)) throw misuse(`--name takes a host name, not ${JSON.stringify(one.slice(0, 80))}.`);
    // One name may have several keys, as during a rotation.
    records[plain] = [...(records[plain] ?? []), texts[key.length === 1 ? 0 : i] ?? ''];
  }
  return records;
}

async function start({ address, port }: DnsOptions, records: Record<string, string[]>): Promise<KeyServer> {
  try {
    return await startKeyServer({ address, port, records });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new Failure(
      exitCodes.impossible,
      'ERR_LISTEN',
      `Cannot listen on ${address} port ${port} (${code}).`,
      'Give another --port, or 0 for a free one.',
    );
  }
}
