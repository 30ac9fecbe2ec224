import type { CheckReport } from '@smtpeter-webhooks/verify';
import { type Mask, maskLine, type TextKind } from './mask.js';

/** What the received texts of each check are. */
const kinds: Readonly<Record<string, TextKind>> = {
  host: 'host',
  path: 'path',
  identity: 'id',
  'key-id': 'key name',
  key: 'key name',
  'digest-match': 'digest',
  coverage: 'name',
  'required-headers': 'name',
  'covered-headers': 'name',
};

/** Evidence that is of our own making: figures, public names of public keys, words. */
const ours = new Set([
  'thumbprints',
  'keyThumbprint',
  'keyThumbprints',
  'here',
  'problem',
  'keyType',
  'detail',
  'algorithms',
]);

/** The report of a check with every received text masked. */
export function maskEvidence(check: CheckReport, mask: Mask): CheckReport {
  const evidence = Object.fromEntries(
    Object.entries(check.evidence).map(([name, value]) => [name, masked(check.id, name, value, mask)]),
  );
  return { ...check, evidence };
}

type Value = CheckReport['evidence'][string];

function masked(check: string, name: string, value: Value, mask: Mask): Value {
  if (typeof value === 'number' || typeof value === 'boolean' || ours.has(name)) return value;
  const kind = name === 'covered' ? 'name' : name === 'keyId' ? 'key name' : (kinds[check] ?? 'value');
  if (typeof value !== 'string') return value.map((one) => mask(kind, one));
  if (name === 'signingString') {
    const lines = value.split('\n').map((line) => {
      const at = line.indexOf(': ');
      const of = line.slice(0, at);
      return `${mask('name', of)}: ${maskLine(mask, of, line.slice(at + 2))}`;
    });
    return lines.join('\n');
  }
  if (check === 'date' && name === 'received') return maskLine(mask, 'date', value);
  // What is expected of an algorithm or a key's name is the same for everyone.
  if (name === 'expected' && (check === 'algorithm' || check === 'key-id')) return value;
  return mask(kind, value);
}
