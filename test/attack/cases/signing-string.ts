import { group } from '../case.testing.js';
import { digest, remove, set, setBody, uncover } from '../draft.testing.js';

const { cases, refused, harmless } = group('signing string');

export { cases };

const mismatch = 'ERR_SIGNATURE_MISMATCH';
const list = 'ERR_SIGNATURE_LIST_INVALID';
const unreadable = 'ERR_SIGNATURE_HEADER_INVALID';
const coverage = 'ERR_SIGNATURE_COVERAGE';

for (const name of ['(request-target)', 'host', 'date', 'x-copernica-id', 'digest']) {
  const short = name.replace(/[()]/g, '');
  refused(`uncovered-${short}`, `${name} is there, and is not signed`, coverage, (d) => uncover(d, name));
}
refused('covers-nothing', 'the list holds one header that nobody needs', coverage, (d) => {
  d.list = ['x-nonce'];
});
refused('no-list', 'without a list the signature is over Date alone', coverage, (d) => {
  d.list = ['date'];
  d.parameters = (signature, { keyId }) => `keyId="${keyId}",algorithm="rsa-sha256",signature="${signature}"`;
});
refused('empty-list', 'the list is empty', unreadable, (d) => {
  d.list = [];
});
refused(
  'empty-values',
  'signed over empty values, by a list in mixed case',
  mismatch,
  (d) => {
    d.list = ['(request-target)', 'Host', 'Date', 'X-Copernica-ID', 'Digest', 'X-Nonce'];
    for (const name of d.list.slice(1)) d.lines[name.toLowerCase()] = '';
    d.after = (later) => {
      set(later, 'X-Nonce', 'other');
    };
  },
  { vendorAccepts: 'it looks values up under the name as it is spelled, finds none, and so does its signer' },
);
refused('absent-header-listed', 'a header that is not there is listed, and signed as empty', list, (d) =>
  d.list.push('x-absent'),
);
refused('absent-header-added', 'and it is added afterwards', mismatch, (d) => {
  d.list.push('x-later');
  d.after = (later) => later.headers.unshift(['X-Later', 'value']);
});
refused('listed-twice', 'a name is listed twice', list, (d) => d.list.push('date'));
refused('listed-twice-mixed-case', 'a name is listed twice, in two spellings', list, (d) => d.list.push('DATE'));
refused('list-of-65', 'more names than anyone signs', unreadable, (d) => {
  for (let i = 0; i < 60; i++) {
    d.headers.push([`X-${i}`, 'v']);
    d.list.push(`x-${i}`);
  }
});
refused('list-reordered', 'the list is put in another order afterwards', mismatch, (d) => {
  d.parameters = (signature, { keyId, list: names }) =>
    `keyId="${keyId}",headers="${[...names].reverse().join(' ')}",signature="${signature}"`;
});
refused('list-shortened', 'a name is taken off the list afterwards', mismatch, (d) => {
  d.parameters = (signature, { keyId, list: names }) =>
    `keyId="${keyId}",headers="${names.slice(0, -1).join(' ')}",signature="${signature}"`;
});
refused('list-with-tab-name', 'a name of the list holds a colon', unreadable, (d) => {
  d.parameters = (signature, { keyId }) =>
    `keyId="${keyId}",headers="(request-target) host: date x-copernica-id digest",signature="${signature}"`;
});
refused('unknown-pseudo-header', 'a pseudo header that no draft has', list, (d) => d.list.push('(status)'));
refused('method-in-capitals', 'the method is signed in capitals', mismatch, (d) => {
  d.lines['(request-target)'] = 'POST /hooks/smtpeter';
});
refused('trailing-newline', 'the signing string ends with a line feed', mismatch, (d) => {
  const inner = d.sign;
  d.sign = (text, draft) => inner(Buffer.concat([text, Buffer.from('\n')]), draft);
});
refused(
  'crlf-lines',
  'the lines of the signing string end as those of mail do, so that a mail signature could fit',
  mismatch,
  (d) => {
    const inner = d.sign;
    d.sign = (text, draft) => inner(Buffer.from(text.toString('latin1').replaceAll('\n', '\r\n'), 'latin1'), draft);
  },
);
refused('other-event-same-head', 'the body of another event under a genuine head', 'ERR_DIGEST_MISMATCH', (d) => {
  d.after = (later) => {
    later.body = Buffer.from(later.body.toString().replace('c4', 'x4'));
  };
});
refused(
  'uncovered-host-repeated',
  'Host is listed, and comes twice',
  'ERR_HEADER_REPEATED',
  (d) => {
    d.after = (later) => later.headers.push(['Host', 'example.com']);
  },
  { at: { Fetch: { handled: 0, codes: ['ERR_HOST_MISMATCH'] } } },
);
refused('created-with-rsa-sha256', '(created) with an algorithm that does not know it', 'ERR_SIGNATURE_TIME', (d) => {
  const created = Math.floor(Date.now() / 1000);
  d.list.push('(created)');
  d.lines['(created)'] = String(created);
  d.parameters = (signature, draft) =>
    `keyId="${draft.keyId}",algorithm="rsa-sha256",created=${created},headers="${draft.list.join(' ')}",signature="${signature}"`;
});
refused('created-missing', '(created) is listed, and there is no such parameter', list, (d) => {
  d.algorithm = 'hs2019';
  d.list.push('(created)');
  d.lines['(created)'] = '';
});
refused('created-changed', '(created) is made younger afterwards', mismatch, (d) => {
  const now = Math.floor(Date.now() / 1000);
  d.algorithm = 'hs2019';
  d.list.push('(created)');
  d.lines['(created)'] = String(now - 200);
  d.parameters = (signature, draft) =>
    `keyId="${draft.keyId}",algorithm="hs2019",created=${now},headers="${draft.list.join(' ')}",signature="${signature}"`;
});
refused('expired', '(expires) is over', 'ERR_SIGNATURE_TIME', (d) => {
  const expires = Math.floor(Date.now() / 1000) - 10;
  d.algorithm = 'hs2019';
  d.list.push('(expires)');
  d.lines['(expires)'] = String(expires);
  d.parameters = (signature, draft) =>
    `keyId="${draft.keyId}",algorithm="hs2019",expires=${expires},headers="${draft.list.join(' ')}",signature="${signature}"`;
});
refused(
  'signed-get',
  "a GET that the vendor signed to fetch a mailing's content",
  'ERR_METHOD_NOT_ALLOWED',
  (d) => {
    d.method = 'GET';
    d.body = Buffer.alloc(0);
    remove(d, 'Content-Length');
    set(d, 'Digest', `SHA-256=${digest('')}`);
  },
  { vendorAccepts: 'it compares no digest with the body of a GET' },
);
refused('signed-get-as-post', 'and the same sent as a POST', mismatch, (d) => {
  setBody(d, '');
  d.lines['(request-target)'] = 'get /hooks/smtpeter';
});
refused('signed-in-utf8', 'a value above 7 bits is signed as UTF-8, and sent as one octet', mismatch, (d) => {
  d.headers.push(['X-Name', 'Jos\u00e9']);
  d.list.push('x-name');
  d.lines['x-name'] = Buffer.from('Jos\u00e9', 'utf8').toString('latin1');
});
harmless('documented-list', 'mixed case and runs of spaces, as the vendor prints it, over real values', (d) => {
  d.list = [
    '(request-target)',
    'Host',
    'Date',
    'Content-length',
    'Content-type',
    'X-Copernica-ID',
    'Digest',
    'X-nonce',
  ];
  d.parameters = (signature, draft) =>
    `keyId="${draft.keyId}",algorithm="rsa-sha256",     headers="${draft.list.join('   ')}"     signature="${signature}"`;
});
harmless('octets-above-7-bits', 'a signed value with octets above 7 bits', (d) => {
  d.headers.push(['X-Name', 'Jos\u00e9']);
  d.list.push('x-name');
});
