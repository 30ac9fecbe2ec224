// What a Cloudflare Worker holds: its bundle's size is what docs/deployment-sizes.md says.
import { dohKeys } from '@smtpeter-webhooks/receiver';
import { fetchReceiver } from '@smtpeter-webhooks/receiver/fetch';

export default {
  fetch: fetchReceiver({ id: 'environment-1234', url: 'https://example.com/hooks/smtpeter', keys: dohKeys(), on: {} }),
};
