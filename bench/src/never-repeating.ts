import { createReplayMemory, type ReplayMemory } from '@smtpeter-webhooks/verify';

/**
 * A replay memory of ours to which every claim is new: each one's key is made another one by its number. So a few
 * signed calls stand for as many as there are claims; to sign those would take far longer than to receive them.
 */
export function neverRepeating(maxEntries: number): ReplayMemory {
  const memory = createReplayMemory({ toleranceSeconds: 3600, maxEntries });
  let number = 0;
  return {
    claim(key, date) {
      const another = Buffer.from(key);
      number = (number + 1) >>> 0;
      another.writeUInt32LE((another.readUInt32LE(0) ^ number) >>> 0, 0);
      return memory.claim(another, date);
    },
  };
}
