import { parseHttpDate } from '#http-date';
import { decodeBase64 } from '#octets';
import { SignatureFrame } from '#signature-frame';
import type { Call } from './call.js';
import type { Check, Failure } from './check.js';
import { parseDigestHeader } from './digest-header.js';
import { parseKeyId } from './key-id.js';
import { readSignatureHeader } from './signature-header.js';
import {
  buildSigningString,
  parseCoveredList,
  requiredNames,
  requiredNamesOfPages,
  type SigningStringParts,
} from './signing-string.js';

export const date: Check = {
  id: 'date',
  run(call) {
    const received = call.lines.one('date');
    const { lastDate } = call.settings.remembered;
    const instant = lastDate?.text === received ? lastDate.instant : parseHttpDate(received);
    if (instant === undefined) return { code: 'ERR_DATE_INVALID', evidence: { received } };
    call.date = instant;
    // Both are written so that a clock that gives no number refuses.
    if (!(call.now - instant <= call.settings.past)) return dateFailure('ERR_DATE_TOO_OLD', call, instant);
    if (!(instant - call.now <= call.settings.future)) return dateFailure('ERR_DATE_IN_FUTURE', call, instant);
    return undefined;
  },
};

function dateFailure(code: 'ERR_DATE_TOO_OLD' | 'ERR_DATE_IN_FUTURE', call: Call, instant: number): Failure {
  const allowed = code === 'ERR_DATE_TOO_OLD' ? call.settings.past : call.settings.future;
  return {
    code,
    evidence: {
      received: new Date(instant).toUTCString(),
      here: new Date(call.now).toUTCString(),
      ageSeconds: Math.floor((call.now - instant) / 1000),
      allowedSeconds: allowed / 1000,
    },
  };
}

export const signatureHeader: Check = {
  id: 'signature-header',
  run(call) {
    const text = call.lines.one('signature');
    for (const frame of call.settings.remembered.frames) {
      call.signature = frame.signatureIn(text);
      if (call.signature === undefined) continue;
      call.frame = frame;
      return undefined;
    }
    const read = readSignatureHeader(text);
    if ('problem' in read) {
      return { code: 'ERR_SIGNATURE_HEADER_INVALID', evidence: { problem: read.problem, at: read.at } };
    }
    call.frame = new SignatureFrame(text, read);
    const { header } = read;
    if (header.keyId === undefined || header.signature === undefined) {
      const problem = `the parameter ${header.keyId === undefined ? 'keyId' : 'signature'} is missing`;
      return { code: 'ERR_SIGNATURE_HEADER_INVALID', evidence: { problem } };
    }
    // Strict base64 has no white space; only a text that is wrapped needs a second look.
    const signature = decodeBase64(header.signature) ?? decodeBase64(header.signature.replace(/[ \t\r\n]/g, ''));
    if (signature === undefined || signature.length === 0) {
      return { code: 'ERR_SIGNATURE_HEADER_INVALID', evidence: { problem: 'the signature is not base64' } };
    }
    call.signature = signature;
    return undefined;
  },
};

/** The names that say nothing but "as the key has it"; ones that name an algorithm must fit the key, which is seen later. */
const acceptedAlgorithms = ['rsa-sha256', 'hs2019', 'ed25519'];

export const algorithm: Check = {
  id: 'algorithm',
  run(call) {
    const received = call.header.algorithm;
    return received === undefined || acceptedAlgorithms.includes(received.toLowerCase())
      ? undefined
      : { code: 'ERR_ALGORITHM_REFUSED', evidence: { received, expected: 'rsa-sha256' } };
  },
};

const coverageOf = (required: readonly string[]): Check => ({
  id: 'coverage',
  run(call) {
    const { frame } = call;
    const list = frame?.list ?? parseCoveredList(call.header.headers, required);
    if (list === undefined) {
      return { code: 'ERR_SIGNATURE_HEADER_INVALID', evidence: { problem: 'the list of headers cannot be read' } };
    }
    if (list.missing.length > 0) return { code: 'ERR_SIGNATURE_COVERAGE', evidence: { missing: list.missing } };
    if (list.repeated !== undefined) {
      return { code: 'ERR_SIGNATURE_LIST_INVALID', evidence: { name: list.repeated, problem: 'listed twice' } };
    }
    call.names = list.names;
    if (frame?.list === undefined) frame?.keepList(list);
    return undefined;
  },
});

export const coverage = coverageOf(requiredNames);
export const coverageOfPages = coverageOf(requiredNamesOfPages);

/** False for controls and what has no octet: a line feed in a value would start a new line of the signing string. */
function isFieldText(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if ((code < 0x20 && code !== 0x09) || code === 0x7f || code > 0xff) return false;
  }
  return true;
}

export const coveredHeaders: Check = {
  id: 'covered-headers',
  run(call) {
    const { names = [], lines } = call;
    const built = buildSigningString(names, partsOf(call), call.frame?.lineStarts);
    if ('text' in built) {
      call.signingString = built.text;
      return undefined;
    }
    const doubled = names.find((name) => lines.get(name) === null);
    if (doubled !== undefined) {
      return { code: 'ERR_SIGNATURE_LIST_INVALID', evidence: { name: doubled, problem: 'came more than once' } };
    }
    const invalid = names.find((name) => !isFieldText(lines.one(name)));
    if (invalid !== undefined) return { code: 'ERR_HEADER_INVALID', evidence: { part: invalid } };
    return { code: 'ERR_SIGNATURE_LIST_INVALID', evidence: { name: built.absent, problem: 'is not there' } };
  },
};

function partsOf(call: Call): SigningStringParts {
  const { lines, head, header } = call;
  return {
    method: head.method,
    target: call.signedTarget,
    created: header.created,
    expires: header.expires,
    value(name) {
      const value = lines.get(name);
      // What came twice or holds what it must not has no value; which of the two it was is asked afterwards.
      if (value === null || (value !== undefined && !isFieldText(value))) return undefined;
      return name === 'host' ? call.signedHost : value;
    },
  };
}

export const signatureTime: Check = {
  id: 'signature-time',
  run(call) {
    const { created, expires, algorithm: named } = call.header;
    if (created === undefined && expires === undefined) return undefined;
    const fail = (problem: string) => ({ code: 'ERR_SIGNATURE_TIME' as const, evidence: { problem } });
    const covered = call.names?.some((name) => name === '(created)' || name === '(expires)') ?? false;
    // draft-cavage-http-signatures-11 section 2.3: both belong to hs2019 and later.
    if (covered && /^(rsa|hmac|ecdsa)/i.test(named ?? '')) return fail(`not allowed with ${named}`);
    for (const text of [created, expires]) {
      if (text !== undefined && !/^\d{1,12}(?:\.\d{1,9})?$/.test(text)) return fail('not a number of seconds');
    }
    if (created !== undefined) {
      if (Number(created) * 1000 - call.now > call.settings.future) return fail('created in the future');
      if (call.now - Number(created) * 1000 > call.settings.past) return fail('created too long ago');
    }
    return expires !== undefined && Number(expires) * 1000 < call.now ? fail('expired') : undefined;
  },
};

export const keyId: Check = {
  id: 'key-id',
  run(call) {
    const { keyId: received = '' } = call.header;
    const { keyZone } = call.settings;
    call.keyId = call.frame?.keyId ?? parseKeyId(received, keyZone);
    if (call.frame !== undefined) call.frame.keyId = call.keyId;
    return call.keyId === undefined
      ? { code: 'ERR_KEY_ID_INVALID', evidence: { received, expected: `a host name below ${keyZone}` } }
      : undefined;
  },
};

export const digestHeader: Check = {
  id: 'digest-header',
  run(call) {
    const digest = parseDigestHeader(call.lines.one('digest'));
    if ('problem' in digest) return { code: 'ERR_DIGEST_HEADER_INVALID', evidence: { problem: digest.problem } };
    if (digest.values.length === 0) return { code: 'ERR_DIGEST_WEAK', evidence: { received: digest.ignored } };
    call.digest = digest;
    return undefined;
  },
};
