export type { Evidence, KeyRefusalCode, KeyUnavailableCode, RejectionCode, RejectionKind } from './errors.js';
export { rejections, WebhookRejectedError } from './errors.js';
export type { KeyLookup, KeySource, KeysFound, KeysRefused, KeysUnavailable, VerificationKey } from './key-source.js';
export type { ReplayAnswer, ReplayClaim, ReplayMemory } from './replay.js';
export type { RequestHead, SignedRequest } from './signed-request.js';
export type { Endpoint, Tolerance, VerifiedHead, VerifiedRequest, Verifier, VerifierOptions } from './verifier.js';
