import { createEventParser } from '@smtpeter-webhooks/events';
import { webhooks } from '@smtpeter-webhooks/express';
import {
  type ClickEvent,
  type EventKind,
  type EventOf,
  eventKinds,
  type Interests,
  type IpAddress,
  type ProfileUpdateEvent,
  type RawObject,
  type UnknownEvent,
  type UnknownReason,
  type WebhookEvent,
} from '@smtpeter-webhooks/receiver';
import { type } from 'arktype';
import * as v from 'valibot';
import { expectTypeOf, it } from 'vitest';
import { z } from 'zod';

const endpoint = { id: 'account-1', url: 'https://example.com/hooks' };

it('the kind of an event tells its type', () => {
  const read = (event: WebhookEvent) => {
    expectTypeOf(event.identity).toEqualTypeOf<string>();
    expectTypeOf(event.occurredAt).toEqualTypeOf<Date | undefined>();
    switch (event.kind) {
      case 'click':
        expectTypeOf(event).toEqualTypeOf<ClickEvent>();
        expectTypeOf(event.ip).toEqualTypeOf<IpAddress | undefined>();
        expectTypeOf(event.parsedOriginalUrl).toEqualTypeOf<URL | undefined>();
        break;
      case 'failure':
        expectTypeOf(event.code).toEqualTypeOf<number | undefined>();
        expectTypeOf(event.status?.class).toEqualTypeOf<2 | 4 | 5 | undefined>();
        break;
      case 'bounce':
        expectTypeOf(event.mimeBytes).toEqualTypeOf<Uint8Array | undefined>();
        break;
      case 'profile.update':
        expectTypeOf(event).toEqualTypeOf<ProfileUpdateEvent>();
        expectTypeOf(event.fields).toEqualTypeOf<RawObject | undefined>();
        expectTypeOf(event.interests).toEqualTypeOf<Interests | undefined>();
        break;
      case 'unknown':
        expectTypeOf(event).toEqualTypeOf<UnknownEvent>();
        expectTypeOf(event.reason).toEqualTypeOf<UnknownReason>();
        expectTypeOf(event.raw).toEqualTypeOf<RawObject | undefined>();
        break;
      default:
        expectTypeOf(event.raw).toEqualTypeOf<RawObject>();
        // @ts-expect-error none of the kinds that are left has it
        void event.mailFrom;
    }
  };
  expectTypeOf(read).parameter(0).toEqualTypeOf<WebhookEvent>();
  expectTypeOf<EventOf<'profile.create' | 'subprofile.create'>['kind']>().toEqualTypeOf<
    'profile.create' | 'subprofile.create'
  >();
  expectTypeOf(eventKinds).toEqualTypeOf<readonly EventKind[]>();
});

it('a switch over every kind leaves nothing', () => {
  const nameOf = (event: WebhookEvent): string => {
    switch (event.kind) {
      case 'open':
      case 'click':
      case 'delivery':
      case 'failure':
      case 'bounce':
      case 'abuse':
      case 'unsubscribe':
      case 'profile.create':
      case 'profile.update':
      case 'profile.delete':
      case 'subprofile.create':
      case 'subprofile.update':
      case 'subprofile.delete':
      case 'unknown':
        return event.kind;
      default:
        return event satisfies never;
    }
  };
  expectTypeOf(nameOf).returns.toEqualTypeOf<string>();
});

it('handlers see what the schemas of zod, valibot and arktype give', () => {
  webhooks({
    ...endpoint,
    log: false,
    fields: {
      databases: {
        12: z.object({ score: z.coerce.number() }),
        13: v.object({ score: v.pipe(v.string(), v.transform(Number)), city: v.string() }),
      },
      collections: { '*': type({ order: 'string.numeric.parse' }) },
    },
    on: {
      'profile.update': (event) => {
        if (event.databaseId === '12') {
          expectTypeOf(event.fields).toEqualTypeOf<{ score: number } | undefined>();
        } else if (event.databaseId === '13') {
          expectTypeOf(event.fields).toEqualTypeOf<{ score: number; city: string } | undefined>();
        }
        expectTypeOf(event.kind).toEqualTypeOf<'profile.update'>();
        expectTypeOf(event.raw).toEqualTypeOf<RawObject>();
        expectTypeOf(event.profileId).toEqualTypeOf<string | undefined>();
      },
      'subprofile.create': (event) => {
        expectTypeOf(event.fields).toEqualTypeOf<{ order: number } | undefined>();
        expectTypeOf(event.collectionId).toEqualTypeOf<string | undefined>();
      },
      open: (event) => expectTypeOf(event.recipient).toEqualTypeOf<string | undefined>(),
      '*': (event) => {
        if (event.kind === 'profile.create' && event.databaseId === '12')
          expectTypeOf(event.fields).toEqualTypeOf<{ score: number } | undefined>();
      },
    },
  });
});

it('without schemas fields are what came', () => {
  webhooks({
    ...endpoint,
    log: false,
    on: {
      'profile.update': (event) => expectTypeOf(event.fields).toEqualTypeOf<RawObject | undefined>(),
      '*': (event) => expectTypeOf(event).toEqualTypeOf<WebhookEvent>(),
    },
  });
  webhooks({
    ...endpoint,
    log: false,
    fields: { databases: { '*': z.object({ score: z.string() }) } },
    on: {
      'subprofile.update': (event) => expectTypeOf(event.fields).toEqualTypeOf<RawObject | undefined>(),
      'profile.update': (event) => expectTypeOf(event.fields?.score).toEqualTypeOf<string | undefined>(),
    },
  });
});

it('a schema that is none does not compile', () => {
  // @ts-expect-error a function is no schema
  const make = () => createEventParser({ fields: { databases: { 12: (fields: unknown) => fields } } });
  expectTypeOf(make).toBeFunction();
});
