export type * from '@smtpeter-webhooks/receiver';
export {
  createReplayMemory,
  dnsKeys,
  eventKinds,
  parseStored,
  pinnedKeys,
  RetryLaterError,
  StoredEventError,
} from '@smtpeter-webhooks/receiver';
export { type WebhookPluginOptions, webhooks } from './plugin.js';
