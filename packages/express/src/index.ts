export type * from '@smtpeter-webhooks/receiver';
export {
  createReplayMemory,
  dnsKeys,
  eventKinds,
  normalize,
  parseStored,
  pinnedKeys,
  RetryLaterError,
  StoredEventError,
  safeUrl,
  toCloudEvent,
} from '@smtpeter-webhooks/receiver';
export { type WebhookMiddleware, webhooks } from './middleware.js';
