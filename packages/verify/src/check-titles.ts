/** What holds when a check passes, for people, by the check's id. In a Worker's bundle check-titles-lean.ts stands in its place. */
const titles: Readonly<Record<string, string>> = {
  'request-line': 'The request line is one that can be signed',
  transport: 'The call came over HTTPS',
  host: 'The Host is that of a configured URL',
  path: 'The path is that of a configured URL',
  identity: 'The X-Copernica-ID is that of the endpoint',
  date: 'The Date is a recent one',
  'signature-header': 'The Signature header can be read',
  algorithm: 'No algorithm is named that is never accepted',
  coverage: 'The signature covers (request-target), host, date, x-copernica-id, digest',
  'covered-headers': 'Every header that the signature covers is there exactly once',
  'signature-time': '(created) and (expires), where they are used, are in bounds',
  'key-id': 'The keyId is a name of the vendor',
  'digest-header': 'The Digest header holds a SHA-256 or SHA-512 value',
  key: 'The keyId has a usable public key',
  signature: 'The signature is that of the signing string under the key',
  'digest-match': 'Every SHA-256 and SHA-512 value of the Digest header is that of the body',
  'required-headers': 'Signature, Digest, Host, Date and X-Copernica-ID are there exactly once',
};

/** The title of a check. */
export const titleOf = (id: string): string => titles[id] ?? id;
