// A Cloudflare Worker whose keys are pinned: the cache and the limits of look-ups are not in its bundle.
import { fetchReceiver } from '@smtpeter-webhooks/receiver/fetch';

export const receiver = (jwks) =>
  fetchReceiver({ id: 'environment-1234', url: 'https://example.com/hooks/smtpeter', keys: jwks, on: {} });
