export { createCallVerifier } from './call-verifier.js';
export { type ContentVerifier, type ContentVerifierOptions, createContentVerifier } from './content-verifier.js';
export { type DkimRecord, parseDkimRecord } from './dkim-record.js';
export { type DnsKeysOptions, dnsKeys } from './dns-keys.js';
export { type DohKeysOptions, dohKeys } from './doh-keys.js';
export type { Evidence, KeyRefusalCode, KeyUnavailableCode, RejectionCode, RejectionKind } from './errors.js';
export { rejections, WebhookRejectedError } from './errors.js';
export { eventKeyOf } from './event-key.js';
export type { CheckReport, Explanation } from './explain.js';
export type { KeyCacheOptions, KeyChange } from './key-cache-options.js';
export type { KeyLookup, KeySource, KeysFound, KeysRefused, KeysUnavailable, VerificationKey } from './key-source.js';
export { type PublicJwkSet, pinnedKeys } from './pinned-keys.js';
export type { ReplayAnswer, ReplayClaim, ReplayMemory } from './replay.js';
export { createReplayMemory, type ReplayMemoryOptions } from './replay-memory.js';
export { importDkimKey, importJwkKey, KeyImportError, type PublicJwk } from './signature-algorithm.js';
export { parseSignatureHeader, type SignatureHeader, type SignatureHeaderProblem } from './signature-header.js';
export type { RequestHead, SignedRequest } from './signed-request.js';
export { buildSigningString, type CoveredList, parseCoveredList, type SigningStringParts } from './signing-string.js';
export type {
  CallVerifier,
  Endpoint,
  ReceivedOptions,
  Tolerance,
  VerifiedHead,
  VerifiedRequest,
  Verifier,
  VerifierOptions,
} from './verifier.js';
export { createVerifier } from './verify-request.js';
