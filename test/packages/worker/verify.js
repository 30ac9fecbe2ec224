// Verification alone, for an endpoint of one's own.
import { createVerifier, pinnedKeys } from '@smtpeter-webhooks/verify';

export const verifier = (jwks) =>
  createVerifier({
    endpoints: [{ id: 'environment-1234', url: 'https://example.com/hooks/smtpeter' }],
    keys: pinnedKeys(jwks),
  });
