import type { EventFields, EventValue, SampleKind } from '@smtpeter-webhooks/sender';

/**
 * What the documentation says that the typed view of an event is, worked out from the fields that were sent by other
 * means than those of the package under test. `raw`, `body`, `identity` and `key` are not in it.
 */
export function expectedEvent(kind: SampleKind, sent: EventFields): Record<string, unknown> {
  const text = (name: string) => {
    const value = sent[name];
    return value === undefined || value === null || value === '' ? undefined : String(value);
  };
  const date = (value: string | undefined) =>
    value === undefined ? undefined : new Date(`${value.replace(' ', 'T')}.000Z`);
  const time = text('time');
  const event: Record<string, unknown> = {
    kind,
    occurredAt: time === undefined ? date(text('timestamp')) : new Date(Number(time) * 1000),
    timestampText: text('timestamp'),
    problems: [],
    id: text('id'),
  };
  if (kind.includes('.')) {
    Object.assign(event, {
      profileId: text('profile'),
      databaseId: text('database'),
      createdAt: date(text('created')),
      modifiedAt: date(text('modified')),
      fields: plainTexts(sent['fields']),
      parameters: plainTexts(sent['parameters']),
      interests: interests(sent['interests']),
    });
    if (kind.startsWith('sub'))
      Object.assign(event, { subprofileId: text('subprofile'), collectionId: text('collection') });
    return withoutUndefined(event);
  }
  const tags = sent['tags'] ?? [];
  Object.assign(event, { recipient: text('recipient'), tags: typeof tags === 'string' ? tags.split(';') : tags });
  const code = text('code');
  const extended = text('extended');
  const [level, subject, detail] = (extended ?? '').split('.').map(Number);
  const ip = text('ip');
  const own: Record<string, Record<string, unknown>> = {
    open: { originalUrl: text('url') },
    click: { originalUrl: text('original'), trackedUrl: text('url') },
    bounce: { envelope: text('envelope'), mailFrom: text('mailfrom'), rcptTo: text('rcptto'), mime: text('mime') },
    abuse: { complainant: text('emailfrom'), mime: text('mime') },
    unsubscribe: { profileId: text('profile'), databaseId: text('database'), mailingId: text('mailing') },
    failure: { action: text('action') === 'failed' ? 'failure' : text('action'), state: text('state') },
  };
  Object.assign(event, own[kind]);
  if (kind === 'open' || kind === 'click') {
    Object.assign(event, {
      ip: ip === undefined ? undefined : { address: ip, version: ip.includes(':') ? 6 : 4 },
      userAgent: text('useragent'),
      referer: text('referer'),
    });
  }
  if (kind === 'delivery' || kind === 'failure') {
    Object.assign(event, {
      code: code === undefined ? undefined : Number(code),
      status: extended === undefined ? undefined : { class: level, subject, detail, text: extended },
      description: text('description'),
    });
  }
  return withoutUndefined(event);
}

/** What `raw` is: the same fields; in a form, where nothing is but texts, as texts, and without what is empty. */
export function expectedRaw(sent: EventFields, isForm: boolean): Record<string, EventValue> {
  const asText = (value: EventValue): EventValue | undefined => {
    if (value === null) return undefined;
    if (Array.isArray(value))
      return value.length === 0 ? undefined : value.map((one) => asText(one as EventValue) ?? '');
    if (typeof value !== 'object') return String(value);
    const entries = Object.entries(value).map(([name, one]) => [name, asText(one)]);
    return entries.length === 0 ? undefined : (Object.fromEntries(entries) as EventFields);
  };
  return isForm ? (withoutUndefined(asText(sent) as Record<string, unknown>) as EventFields) : sent;
}

function plainTexts(value: EventValue | undefined): unknown {
  return value === undefined || value === null ? undefined : { ...(value as EventFields) };
}

function interests(value: EventValue | undefined): unknown {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return { on: value, all: Object.fromEntries(value.map((name) => [String(name), true])) };
  const all = Object.fromEntries(Object.entries(value as EventFields).map(([name, one]) => [name, Number(one) === 1]));
  return { on: Object.keys(all).filter((name) => all[name]), all };
}

function withoutUndefined(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
