import type { EventKind } from './event.js';
import type { FieldReader } from './field-reader.js';

type Fields = Record<string, unknown>;

/** The typed view of each kind: which of the vendor's fields becomes what. What is absent stays absent. */
export const typedFields: Record<Exclude<EventKind, 'unknown'>, (read: FieldReader) => Fields> = {
  open: (read) => ({ ...message(read), ...visit(read), originalUrl: read.text('url') }),
  click: (read) => ({
    ...message(read),
    ...visit(read),
    originalUrl: read.text('original'),
    trackedUrl: read.text('url'),
  }),
  delivery: (read) => ({ ...message(read), ...smtp(read) }),
  failure: (read) => ({ ...message(read), action: failureAction(read), state: read.text('state'), ...smtp(read) }),
  bounce: (read) => ({
    ...message(read),
    envelope: read.text('envelope'),
    mailFrom: read.text('mailfrom'),
    rcptTo: read.text('rcptto'),
    mime: read.text('mime'),
  }),
  abuse: (read) => ({ ...message(read), complainant: read.text('emailfrom'), mime: read.text('mime') }),
  unsubscribe: (read) => ({
    ...message(read),
    profileId: read.text('profile'),
    databaseId: read.text('database'),
    mailingId: read.text('mailing'),
  }),
  'profile.create': profile,
  'profile.update': profile,
  'profile.delete': profile,
  'subprofile.create': subprofile,
  'subprofile.update': subprofile,
  'subprofile.delete': subprofile,
};

function message(read: FieldReader): Fields {
  return { id: read.text('id'), recipient: read.text('recipient'), tags: read.list('tags') };
}

function visit(read: FieldReader): Fields {
  return { ip: read.ip('ip'), userAgent: read.text('useragent'), referer: read.text('referer') };
}

function smtp(read: FieldReader): Fields {
  return { code: read.count('code'), status: read.status('extended'), description: read.text('description') };
}

function failureAction(read: FieldReader): string | undefined {
  const action = read.text('action');
  return action === 'failed' ? 'failure' : action;
}

function profile(read: FieldReader): Fields {
  return {
    id: read.text('id'),
    profileId: read.text('profile'),
    databaseId: read.text('database'),
    createdAt: read.localTime('created'),
    modifiedAt: read.localTime('modified'),
    fields: read.object('fields'),
    interests: read.interests('interests'),
    parameters: read.object('parameters'),
  };
}

function subprofile(read: FieldReader): Fields {
  return { ...profile(read), subprofileId: read.text('subprofile'), collectionId: read.text('collection') };
}
