import { describe, expect, it } from 'vitest';
import { rejections, WebhookRejectedError } from './errors.js';

describe('a refusal', () => {
  it('says which it is, by which check, and what it means', () => {
    const evidence = { received: 'http' };
    const error = new WebhookRejectedError('ERR_INSECURE_TRANSPORT', 'transport', evidence);
    expect(error).toMatchObject({
      name: 'WebhookRejectedError',
      code: 'ERR_INSECURE_TRANSPORT',
      check: 'transport',
      status: 403,
      retryAfterSeconds: undefined,
      evidence,
      message: rejections.ERR_INSECURE_TRANSPORT.meaning,
    });
    expect(error).not.toHaveProperty('cause');
  });

  it('has no evidence where none was given', () => {
    expect(new WebhookRejectedError('ERR_REPLAYED', 'replay').evidence).toEqual({});
  });

  it('holds what it was caused by', () => {
    const cause = new Error('broken');
    expect(new WebhookRejectedError('ERR_KEY_LOOKUP_FAILED', 'key', {}, { cause }).cause).toBe(cause);
  });

  it('asks for another try only with 503: after so many seconds, or five', () => {
    const retryOf = (code: keyof typeof rejections, retryAfterSeconds?: number) =>
      new WebhookRejectedError(code, 'key', {}, { retryAfterSeconds }).retryAfterSeconds;
    expect(retryOf('ERR_KEY_LOOKUP_FAILED', 7)).toBe(7);
    expect(retryOf('ERR_KEY_LOOKUP_FAILED')).toBe(5);
    expect(retryOf('ERR_ENDPOINT_AMBIGUOUS', 7)).toBeUndefined();
    expect(retryOf('ERR_KEY_NOT_FOUND', 7)).toBeUndefined();
  });
});
