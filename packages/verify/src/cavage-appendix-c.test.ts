import { describe, expect, it } from 'vitest';
import { importDkimKey, verifySignature } from './signature-algorithm.js';
import { parseSignatureHeader } from './signature-header.js';
import { buildSigningString, parseCoveredList } from './signing-string.js';

// draft-cavage-http-signatures-10 appendix C: the public key, the request, and the three signatures. (In drafts 11 and 12
// the third one lists (created) and (expires), which its signature does not cover.)
const spki = Buffer.from(
  'MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDCFENGw33yGihy92pDjZQhl0C36rPJj+CvfSC8+q28hxA161QFNUd13wuCTUcq0Qd2qsBe/2hFyc2DCJJg0h1L78+6Z4UMR7EOcpfdUE9Hf3m/hs+FUR45uBJeDK1HSFHD8bHKD6kv8FPGfJTotc+2xjJwoYi+1hqp1fIekaxsyQIDAQAB',
  'base64',
);
const headers: Record<string, string> = {
  host: 'example.com',
  date: 'Sun, 05 Jan 2014 21:31:40 GMT',
  'content-type': 'application/json',
  digest: 'SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=',
  'content-length': '18',
};
const tests = [
  [
    'C.1 Default Test',
    'keyId="Test",algorithm="rsa-sha256",signature="SjWJWbWN7i0wzBvtPl8rbASWz5xQW6mcJmn+ibttBqtifLN7Sazz6m79cNfwwb8DMJ5cou1s7uEGKKCs+FLEEaDV5lp7q25WqS+lavg7T8hc0GppauB6hbgEKTwblDHYGEtbGmtdHgVCk9SuS13F0hZ8FD0k/5OxEPXe5WozsbM="',
  ],
  [
    'C.2 Basic Test',
    'keyId="Test",algorithm="rsa-sha256",headers="(request-target) host date",signature="qdx+H7PHHDZgy4y/Ahn9Tny9V3GP6YgBPyUXMmoxWtLbHpUnXS2mg2+SbrQDMCJypxBLSPQR2aAjn7ndmw2iicw3HMbe8VfEdKFYRqzic+efkb3nndiv/x1xSHDJWeSWkx3ButlYSuBskLu6kd9Fswtemr3lgdDEmn04swr2Os0="',
  ],
  [
    'C.3 All Headers Test',
    'keyId="Test",algorithm="rsa-sha256",headers="(request-target) host date content-type digest content-length",signature="vSdrb+dS3EceC9bcwHSo4MlyKS59iFIrhgYkz8+oVLEEzmYZZvRs8rgOp+63LEM3v+MFHB32NfpB2bEKBIvB1q52LaEUHFv120V01IL+TAD48XaERZFukWgHoBTLMhYS2Gb51gWxpeIq8knRmPnYePbF5MOkR0Zkly4zKH7s1dE="',
  ],
] as const;

describe('appendix C of draft 10', () => {
  it.each(tests)('%s verifies, and no longer with another target or header', async (_, text) => {
    const header = parseSignatureHeader(text);
    if ('problem' in header) throw new Error(header.problem);
    const names = parseCoveredList(header.headers)?.names ?? [];
    const key = await importDkimKey('rsa', spki);
    const verify = (target: string, values: Record<string, string>) => {
      const built = buildSigningString(names, {
        method: 'POST',
        target,
        created: header.created,
        expires: header.expires,
        value: (name) => values[name],
      });
      if ('absent' in built) throw new Error(`${built.absent} is absent`);
      return verifySignature(key, Buffer.from(built.text, 'latin1'), Buffer.from(header.signature ?? '', 'base64'));
    };
    const target = '/foo?param=value&pet=dog';
    expect(await verify(target, headers)).toBe(true);
    if (names.includes('(request-target)')) expect(await verify('/foo?param=value&pet=cat', headers)).toBe(false);
    for (const name of names.filter((one) => !one.startsWith('('))) {
      expect(await verify(target, { ...headers, [name]: `${headers[name]} ` })).toBe(false);
    }
  });
});
