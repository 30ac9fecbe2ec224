export type * from '@smtpeter-webhooks/events';
export { eventKinds, normalize, parseStored, StoredEventError, safeUrl, toCloudEvent } from '@smtpeter-webhooks/events';
export type {
  DnsKeysOptions,
  DohKeysOptions,
  Endpoint,
  Evidence,
  KeyChange,
  KeySource,
  PublicJwkSet,
  ReplayMemory,
  Tolerance,
  VerifiedHead,
} from '@smtpeter-webhooks/verify';
export { createReplayMemory, dnsKeys, dohKeys, pinnedKeys } from '@smtpeter-webhooks/verify';
export { type Answer, answerWith } from './answer.js';
export { type Admission, type ContentGuard, type ContentOptions, createContentGuard } from './content-guard.js';
export { contentRequestOf, markContentRequest } from './content-requests.js';
export { Abort, type DispatchResult, dispatch } from './dispatch.js';
export { type Handler, type HandlerContext, type Handlers, readHandlers } from './handlers.js';
export type { Inbox, InboxCall, InboxOutcome, InboxTask, InboxWorker, InboxWorkOptions } from './inbox.js';
export type { BodyLimits, IncomingCall } from './incoming-call.js';
export { cleanText, type Logger, readLogger } from './log.js';
export type { Duplicate, ReceiverOptions } from './options.js';
export { parseUnverified, type UnverifiedCall } from './parse-unverified.js';
export { createReceiver, type Receiver } from './receiver.js';
export { CallRefusedError, type RefusalCode, type RefusalKind, refusals } from './refusals.js';
export type { Rejection } from './rejection.js';
export { RetryLaterError } from './retry-later.js';
export type { ReceiverStats } from './stats.js';
export type { VerificationFilesOption } from './verification-files.js';
export { type WarningId, warnings } from './warnings.js';
