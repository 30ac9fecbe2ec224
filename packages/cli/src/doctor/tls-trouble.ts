import { examination, type Finding } from './finding.js';

const fixes: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'Renew the certificate.',
  CERT_NOT_YET_VALID: 'Look at the clocks of the server and of this machine.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'The server leaves out the intermediate certificate: give it the full chain.',
  UNABLE_TO_GET_ISSUER_CERT: 'The server leaves out a certificate of its chain: give it the full chain.',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'The authority is not known, or the chain is not complete. For a private one give --ca.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'The certificate is signed by itself: take one of a public authority.',
  SELF_SIGNED_CERT_IN_CHAIN: 'The authority is not a public one. For a private one give --ca.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate is for other names: take one for this host.',
};

/** What is wrong with a certificate, if that is what Node's code is about. */
export function tlsTrouble(code: string): Finding | undefined {
  const { fail } = examination('tls', 'The certificate and its chain hold');
  const fix = fixes[code];
  if (fix !== undefined) return fail(code, fix);
  return /^(ERR_TLS|ERR_SSL|CERT_|EPROTO)/.test(code)
    ? fail(code, 'TLS cannot be spoken with this server.')
    : undefined;
}
