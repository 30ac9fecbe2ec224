import assert from 'node:assert/strict';
import type { WebhookEvent } from '@smtpeter-webhooks/receiver';
import { group } from '../case.testing.js';
import { type Draft, set, setBody } from '../draft.testing.js';

const { cases, harmless } = group('what genuine calls contain');

export { cases };

const form = (d: Draft) => set(d, 'Content-Type', 'application/x-www-form-urlencoded');
const formOf = (body: string | Buffer) => (d: Draft) => {
  form(d);
  setBody(d, body);
};
const jsonOf = (body: string | Buffer) => (d: Draft) => setBody(d, body);

function unpolluted(event: WebhookEvent): void {
  const plain: Record<string, unknown> = {};
  for (const name of ['polluted', 'isAdmin', 'toJSON']) assert.equal(plain[name], undefined);
  assert.equal(Object.getPrototypeOf(plain), Object.prototype);
  if (event.raw !== undefined) assert.equal(Object.getPrototypeOf(event.raw), null);
  JSON.stringify(event);
}
const unknown = (event: WebhookEvent) => assert.equal(event.kind, 'unknown');
const either = unpolluted;

harmless(
  'json-proto',
  '__proto__ in JSON',
  jsonOf('{"type":"open","__proto__":{"polluted":1},"fields":{"__proto__":{"isAdmin":true}}}'),
  { event: unpolluted },
);
harmless(
  'json-constructor',
  'constructor.prototype in JSON',
  jsonOf('{"type":"open","constructor":{"prototype":{"polluted":1}},"toJSON":"x","hasOwnProperty":1}'),
  { event: unpolluted },
);
harmless(
  'form-proto',
  '__proto__ in a form',
  formOf('type=open&__proto__[polluted]=1&fields[__proto__][isAdmin]=1&constructor[prototype][polluted]=1'),
  { event: unpolluted },
);
harmless('form-proto-escaped', '__proto__ in a form, escaped', formOf('type=open&%5f%5fproto%5f%5f%5bpolluted%5d=1'), {
  event: unpolluted,
});
harmless('json-deep', 'JSON nested 100,000 deep', jsonOf(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`), {
  event: unknown,
});
harmless(
  'json-deep-lists',
  'lists nested 100,000 deep',
  jsonOf(`{"type":"open","tags":${'['.repeat(100_000)}${']'.repeat(100_000)}}`),
  { event: unknown },
);
harmless('form-deep', 'a form nested 2,000 deep', formOf(`type=open&a${'[b]'.repeat(2000)}=1`), { event: unknown });
harmless(
  'json-many-keys',
  'a hundred thousand keys',
  jsonOf(`{"type":"open",${Array.from({ length: 100_000 }, (_, i) => `"k${i}":1`).join(',')}}`),
  { event: unknown },
);
harmless(
  'json-one-key-often',
  'one key a hundred thousand times',
  jsonOf(`{"type":"open",${Array.from({ length: 100_000 }, () => '"k":1').join(',')}}`),
  { event: either },
);
harmless('form-many-fields', 'a hundred thousand fields', formOf(`type=open&${'a=1&'.repeat(100_000)}`), {
  event: unknown,
});
harmless('form-one-list', 'fifteen thousand entries of one list', formOf(`type=open&${'tags[]=x&'.repeat(15_000)}`), {
  event: unpolluted,
});
harmless(
  'form-huge-index',
  'an index beyond all arrays',
  formOf('type=open&tags[4294967295]=x&tags[999999999999999999999]=y&tags[-1]=z'),
  { event: unpolluted },
);
harmless('form-no-equals', 'a megabyte without an equals sign', formOf(`type=open&${'a&'.repeat(500_000)}`), {
  event: either,
});
harmless('form-long-name', 'a name of a megabyte', formOf(`type=open&${'a'.repeat(1_000_000)}=1`), { event: unknown });
harmless('form-open-brackets', 'brackets that do not close', formOf(`type=open&${'a[[[['.repeat(300)}=1`), {
  event: either,
});
harmless('form-escapes', 'escapes that are none', formOf('type=open&a=%&b=%zz&c=%u0041&%=x&d=%C3%28'), {
  event: unpolluted,
});
harmless(
  'json-not-utf8',
  'JSON that is no UTF-8',
  jsonOf(Buffer.from('{"type":"open","id":"\xff\xfe\xc0\xaf"}', 'latin1')),
  { event: either },
);
harmless('form-not-utf8', 'a form that is no UTF-8', formOf('type=open&id=%ff%fe%c0%af'), { event: unpolluted });
harmless(
  'json-surrogates',
  'halves of surrogate pairs',
  jsonOf('{"type":"open","id":"\\ud800","recipient":"\\udfff\\u0000"}'),
  { event: unpolluted },
);
harmless(
  'json-huge-number',
  'numbers beyond all precision',
  jsonOf(`{"type":"open","time":1e999,"id":${'9'.repeat(10_000)}}`),
  { event: unpolluted },
);
harmless('json-not-an-object', 'JSON that is no object', jsonOf('[1,2,3]'), { event: unknown });
harmless('json-scalar', 'JSON that is a word', jsonOf('null'), { event: unknown });
harmless('json-truncated', 'JSON that ends early', jsonOf('{"type":"open","id":"'), { event: unknown });
harmless('empty-body', 'an empty body', jsonOf(''), { event: unknown });
harmless('type-not-a-text', 'a type that is no text', jsonOf('{"type":{"toString":"x"},"id":[]}'), { event: unknown });
harmless('type-from-javascript', 'a type that JavaScript has', jsonOf('{"type":"constructor"}'), { event: unknown });
harmless(
  'fields-of-wrong-shapes',
  'every field of another shape',
  jsonOf(
    '{"type":"failure","id":{},"timestamp":[],"time":"x","recipient":1,"ip":"999.1.1.1","tags":7,"code":"--","extended":"9.9"}',
  ),
  { event: unpolluted },
);
harmless(
  'html-in-values',
  'HTML, control characters and terminal codes',
  jsonOf('{"type":"open","useragent":"<script>\\u001b[2J\\r\\nX-Injected: 1","id":"\\u202e"}'),
  { event: unpolluted },
);
harmless(
  'xml-entity',
  'XML with an entity that reads a file',
  (d) => {
    set(d, 'Content-Type', 'application/xml');
    setBody(d, '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>');
  },
  { event: unknown },
);
harmless(
  'multipart',
  'a multipart body',
  (d) => {
    set(d, 'Content-Type', 'multipart/form-data; boundary=x');
    setBody(d, '--x\r\nContent-Disposition: form-data; name="type"\r\n\r\nopen\r\n--x--\r\n');
  },
  { event: unknown },
);
harmless('content-type-lies', 'a form that is said to be JSON', (d) => setBody(d, 'type=open&id=1'), {
  event: unknown,
});
