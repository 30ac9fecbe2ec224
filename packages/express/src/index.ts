export type * from '@smtpeter-webhooks/receiver';
export {
  contentRequestOf,
  createReplayMemory,
  dnsKeys,
  dohKeys,
  eventKinds,
  normalize,
  parseStored,
  parseUnverified,
  pinnedKeys,
  RetryLaterError,
  StoredEventError,
  safeUrl,
  toCloudEvent,
} from '@smtpeter-webhooks/receiver';
export { contentRequests } from './content-requests.js';
export { type WebhookMiddleware, webhooks } from './middleware.js';
