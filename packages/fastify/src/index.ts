export type * from '@smtpeter-webhooks/receiver';
export {
  contentRequestOf,
  createReplayMemory,
  dnsKeys,
  dohKeys,
  eventKinds,
  parseStored,
  parseUnverified,
  pinnedKeys,
  RetryLaterError,
  StoredEventError,
} from '@smtpeter-webhooks/receiver';
export { contentRequests } from './content-requests.js';
export { type WebhookPluginOptions, webhookOptions, webhooks } from './plugin.js';
