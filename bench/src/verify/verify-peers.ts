import { createHash, createPublicKey, type KeyObject, verify, webcrypto } from 'node:crypto';
import type { PreparedCall, TestKey } from '../calls.js';
import type { Peers } from '../peers.js';

/** Verifies one call with a peer: its own check of the signature, and a digest, which most of them leave to the user. */
export interface VerifyPeer {
  readonly name: string;
  readonly goal?: number;
  verify(call: PreparedCall): boolean | Promise<boolean>;
}

type Message = PreparedCall['message'];

interface ActivityPub {
  parse(message: Message): { verify(key: KeyObject): boolean };
}
interface MessageSignatures {
  readonly cavage: { verifyMessage(config: object, message: Message): Promise<boolean | null> };
}
interface Misskey {
  parseRequestSignature(message: Message, options: object): { readonly value: unknown };
  verifyDraftSignature(parsed: unknown, key: webcrypto.CryptoKey): Promise<boolean>;
}
interface HttpSignature {
  parseRequest(message: Message, options: object): unknown;
  verifySignature(parsed: unknown, key: unknown): boolean;
  readonly sshpk?: { parseKey(pem: string, format: string): unknown };
}

/** The peers that are installed. Each had its key parsed once. */
export async function verifyPeers(peers: Peers, key: TestKey): Promise<VerifyPeer[]> {
  const keyObject = createPublicKey(key.publicKeyPem);
  const found: VerifyPeer[] = [];
  const add = (name: string, check: (call: PreparedCall) => boolean | Promise<boolean>) =>
    found.push({ name: `${name} + digest`, verify: check });

  const activityPub = await peers.load<ActivityPub>('activitypub-http-signatures');
  if (activityPub !== undefined) {
    add(
      'activitypub-http-signatures',
      (call) => activityPub.parse(call.message).verify(keyObject) && digestHolds(call),
    );
  }

  const messageSignatures = await peers.load<MessageSignatures>('http-message-signatures');
  if (messageSignatures !== undefined) {
    const config = {
      keyLookup: async () => ({
        verify: async (data: Buffer, signature: Buffer) => verify('sha256', data, keyObject, signature),
      }),
    };
    add('http-message-signatures (cavage)', async (call) => {
      // It takes the whole URL, which a server has to put together.
      const message = { ...call.message, url: `https://${call.message.headers['host']}${call.message.url}` };
      return (await messageSignatures.cavage.verifyMessage(config, message)) === true && digestHolds(call);
    });
  }

  const misskey = await peers.load<Misskey>('@misskey-dev/node-http-message-signatures');
  if (misskey !== undefined) {
    const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
    const spki = keyObject.export({ type: 'spki', format: 'der' });
    const cryptoKey = await webcrypto.subtle.importKey('spki', spki, algorithm, true, ['verify']);
    const options = { clockSkew: { delay: 3_600_000, forward: 3_600_000 } };
    add('@misskey-dev/node-http-message-signatures', async (call) => {
      const parsed = misskey.parseRequestSignature(call.message, options);
      return (await misskey.verifyDraftSignature(parsed.value, cryptoKey)) && digestHolds(call);
    });
  }

  for (const name of ['@peertube/http-signature', 'http-signature']) {
    const httpSignature = await peers.load<HttpSignature>(name);
    if (httpSignature === undefined) continue;
    const parsedKey = httpSignature.sshpk?.parseKey(key.publicKeyPem, 'pem') ?? key.publicKeyPem;
    add(name, (call) => {
      const parsed = httpSignature.parseRequest(call.message, {
        clockSkew: 3600,
        authorizationHeaderName: 'signature',
      });
      return httpSignature.verifySignature(parsed, parsedKey) && digestHolds(call);
    });
  }
  return found;
}

function digestHolds({ body, message }: PreparedCall): boolean {
  return message.headers['digest'] === `SHA-256=${createHash('sha256').update(body).digest('base64')}`;
}
