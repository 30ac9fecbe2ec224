import type { ReceiverOptions } from '@smtpeter-webhooks/receiver';
import { type ConformanceEndpoint, cases } from '@smtpeter-webhooks/sender/conformance';
import { createTestVendor } from '@smtpeter-webhooks/sender/testing';
import { afterAll, beforeAll, describe, it } from 'vitest';

export const vendor = createTestVendor({ url: 'https://example.com/hooks/smtpeter' });

/** What a door under test gets: a configuration that counts the events it handles. */
type DoorOptions = Pick<ReceiverOptions, 'id' | 'url' | 'keys' | 'clock' | 'log' | 'on'>;

/** How a door is reached once it stands, and how it is taken down. */
export interface StartedDoor extends Pick<ConformanceEndpoint, 'to' | 'send' | 'connection'> {
  readonly close?: () => unknown;
}

/** Puts a door through every case of the conformance kit. */
export function conforms(name: string, start: (options: DoorOptions) => StartedDoor | Promise<StartedDoor>): void {
  describe(name, () => {
    let handled = 0;
    let started: StartedDoor = {};
    beforeAll(async () => {
      started = await start({ ...vendor.options, log: false, on: { '*': () => void handled++ } });
    });
    afterAll(() => started.close?.());

    const endpoint = (): ConformanceEndpoint => ({
      ...vendor.options,
      key: vendor.key,
      now: () => new Date(vendor.clock()),
      handled: () => handled,
      exactStatuses: true,
      ...started,
    });
    for (const one of cases) {
      it(`${one.group} ${one.name}`, async ({ skip }) => {
        const reason = one.skip(endpoint());
        if (reason !== undefined) skip(reason);
        await one.run(endpoint());
      });
    }
  });
}
