import { describe, expect, it } from 'vitest';
import { eventKinds, sampleEvent, sampleVariants } from './sample-event.js';

const now = new Date('2026-01-02T03:04:05Z');

describe('a sample event', () => {
  it('has the vendor field names, and times of the moment', () => {
    expect(sampleEvent('open', {}, { now })).toMatchObject({
      type: 'open',
      timestamp: '2026-01-02 03:04:05',
      time: 1767323045,
      recipient: 'jane@example.org',
    });
  });

  it('takes other values, and leaves out what is undefined', () => {
    const event = sampleEvent('click', { ip: '198.51.100.1', tags: undefined });
    expect(event['ip']).toBe('198.51.100.1');
    expect('tags' in event).toBe(false);
  });

  it('is distinct by its number', () => {
    for (const kind of eventKinds) {
      expect(JSON.stringify(sampleEvent(kind, {}, { now, number: 2 }))).not.toBe(
        JSON.stringify(sampleEvent(kind, {}, { now, number: 3 })),
      );
    }
  });

  it('comes in every spelling, each of its own', () => {
    for (const kind of eventKinds) {
      const texts = sampleVariants(kind, { now }).map((variant) => JSON.stringify(variant.event));
      expect(new Set(texts).size).toBe(texts.length);
    }
    expect(sampleVariants('profile.create').map((variant) => variant.name)).toContain('as a Publisher callback');
  });

  it('is of a kind that there is', () => {
    expect(() => sampleEvent('opened' as never)).toThrow(TypeError);
  });
});
