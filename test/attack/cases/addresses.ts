import { group } from '../case.testing.js';
import { type Draft, id, path, replaceOnWire, set } from '../draft.testing.js';

const { cases, refused, harmless } = group('Host, target, identity and transport');

export { cases };

const atHost = (host: string) => (d: Draft) => set(d, 'Host', host);
const atTarget = (target: string) => (d: Draft) => {
  d.target = target;
};
const host = ['ERR_HOST_MISMATCH'];

const hosts: [id: string, attack: string, host: string][] = [
  ['other', "a genuine call to the attacker's own server", 'evil.example'],
  ['subdomain', 'a subdomain', 'www.example.com'],
  ['parent', 'the domain above', 'com'],
  ['suffix', 'our host with more behind it', 'example.com.evil.example'],
  ['prefix', 'our host with more in front', 'evilexample.com'],
  ['port', 'another port', 'example.com:8443'],
  ['port-zero', 'port 0', 'example.com:0'],
  ['port-huge', 'a port that wraps round to ours', 'example.com:65979'],
  ['user', 'a user name', 'evil.example@example.com'],
  ['path', 'a path', 'example.com/x'],
  ['comma', 'two hosts', 'example.com,evil.example'],
  ['space', 'two hosts with a space', 'example.com evil.example'],
  ['escape', 'our host with a percent escape', 'example%2ecom'],
  ['two-dots', 'two dots at the end', 'example.com..'],
  ['not-ascii', 'a letter that looks alike', 'ex\u00e4mple.com'],
  ['brackets', 'our host in brackets', '[example.com]'],
  ['address', 'an address', '127.0.0.1'],
];
for (const [name, attack, value] of hosts) refused(`host-${name}`, attack, host, atHost(value));
harmless('host-capitals', 'our host in capitals', atHost('EXAMPLE.com'));
harmless('host-default-port', 'our host with the default port', atHost('example.com:443'));
harmless('host-final-dot', 'our host with its final dot', atHost('example.com.'));

const elsewhere = 'ERR_PATH_MISMATCH';
const targets: [id: string, attack: string, target: string, codes: readonly string[]][] = [
  ['slash-at-end', 'a slash at the end', `${path}/`, [elsewhere]],
  ['two-slashes', 'two slashes in front', `/${path}`, [elsewhere]],
  ['two-slashes-inside', 'two slashes inside', '/hooks//smtpeter', [elsewhere]],
  ['capitals', 'capitals', '/HOOKS/smtpeter', [elsewhere]],
  ['escaped-letter', 'a letter as a percent escape', '/hooks/%73mtpeter', [elsewhere]],
  ['escaped-slash', 'a slash as a percent escape', '/hooks%2Fsmtpeter', [elsewhere]],
  ['semicolon', 'a path parameter', `${path};x=1`, [elsewhere]],
  ['backslash', 'a backslash', '/hooks\\smtpeter', [elsewhere]],
  ['nul', 'a NUL as a percent escape', `${path}%00`, [elsewhere]],
  ['absolute-other', 'the absolute form, with another host', `http://evil.example${path}`, [elsewhere]],
  ['asterisk', 'an asterisk', '*', [elsewhere]],
];
for (const [name, attack, target, codes] of targets) {
  // Routers and URL parsers bring some of these to other paths, or refuse them; whichever, nothing is handled.
  refused(`target-${name}`, attack, undefined, atTarget(target), {
    at: { 'own server': { handled: 0, codes }, 'node:http': { handled: 0, codes } },
  });
}
refused('target-no-slash', 'no slash in front', undefined, atTarget('hooks/smtpeter'));
refused('target-dot-segments', 'dot segments that lead to our path', undefined, atTarget('/hooks/x/../smtpeter'));
refused('target-query-added', 'a query that was not signed', 'ERR_SIGNATURE_MISMATCH', (d) => {
  d.after = (later) => {
    later.target += '?admin=1';
  };
});
refused('target-query-removed', 'the query that was signed is gone', 'ERR_SIGNATURE_MISMATCH', (d) => {
  d.target += '?token=1';
  d.after = (later) => {
    later.target = path;
  };
});
refused('target-query-reordered', 'the query in another order', 'ERR_SIGNATURE_MISMATCH', (d) => {
  d.target += '?a=1&b=2';
  d.after = (later) => {
    later.target = `${path}?b=2&a=1`;
  };
});
refused('target-signed-for-other-path', 'a genuine call to another path of ours', 'ERR_SIGNATURE_MISMATCH', (d) => {
  d.lines['(request-target)'] = 'post /hooks/other';
});
refused('target-method-changed', 'PUT for POST', ['ERR_METHOD_NOT_ALLOWED'], (d) => {
  d.after = (later) => {
    later.method = 'PUT';
  };
});
refused('target-method-invented', 'a method that nobody knows', undefined, (d) => {
  d.wire = replaceOnWire('POST ', 'POSTX ');
});
refused('target-method-lower-case', 'post in lower case', undefined, (d) => {
  d.wire = replaceOnWire('POST ', 'post ');
});
harmless('target-query', 'a query that was signed', atTarget(`${path}?token=1&x=%20&y`));

const identity = 'ERR_IDENTITY_MISMATCH';
const identities: [id: string, attack: string, value: string][] = [
  ['other', "a genuine call of the attacker's own environment, sent to our URL", 'environment-666'],
  ['other-product', 'the same number in the other product', 'account-1234'],
  ['leading-zero', 'a leading zero', 'environment-01234'],
  ['prefix', 'our id with another digit', 'environment-12345'],
  ['plus', 'a sign', 'environment-+1234'],
  ['exponent', 'the number in another notation', 'environment-1.234e3'],
  ['space', 'a space inside', 'environment- 1234'],
  ['list', 'two ids', `environment-666, ${id}`],
  ['long-dash', 'a dash that looks alike', 'environment\u00ad1234'],
  ['no-number', 'no number', 'environment-'],
  ['huge-number', 'a number beyond all precision', 'environment-123400000000000000000'],
  ['proto', 'a name that JavaScript has', '__proto__'],
];
for (const [name, attack, value] of identities)
  refused(`identity-${name}`, attack, identity, (d) => set(d, 'X-Copernica-ID', value));
refused('identity-changed', 'our id put on a genuine call of another environment', 'ERR_SIGNATURE_MISMATCH', (d) => {
  d.lines['x-copernica-id'] = 'environment-666';
});
harmless('identity-spelled', 'our id as older editions spell it', (d) => set(d, 'X-Copernica-ID', 'Environment_1234'));

const plain = ['ERR_INSECURE_TRANSPORT'];
const proxied =
  (proto: string | undefined, more: [string, string][] = []) =>
  (d: Draft) => {
    d.forwardedProto = proto;
    d.after = (later) => later.headers.push(...more);
  };
refused('transport-plain', 'over plain HTTP', plain, proxied(undefined));
refused('transport-said-http', 'the proxy says http', plain, proxied('http'));
refused(
  'transport-forwarded',
  'the client itself says https in Forwarded',
  plain,
  proxied(undefined, [['Forwarded', 'proto=https']]),
);
refused(
  'transport-ssl',
  'and in other headers of that kind',
  plain,
  proxied(undefined, [
    ['X-Forwarded-Ssl', 'on'],
    ['Front-End-Https', 'on'],
    ['X-Url-Scheme', 'https'],
    ['X-Forwarded-Protocol', 'https'],
  ]),
);
refused('transport-word-inside', 'a word that contains https', plain, proxied('nothttps'));
refused('transport-wss', 'another secure scheme', plain, proxied('wss'));
