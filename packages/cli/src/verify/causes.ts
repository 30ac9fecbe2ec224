/** What usually happens to calls, by stable names. */
export const causes = {
  unsigned: {
    title: 'The call is not signed at all: it is not from the vendor.',
    remedy: 'Nothing to do, unless something in front of the server strips headers it does not know.',
  },
  'header-dropped': {
    title: 'Something on the way drops a header of the call.',
    remedy: 'Let the proxy pass all headers unchanged.',
  },
  'header-doubled': {
    title: 'Something on the way adds a second copy of a header.',
    remedy: 'Let the proxy leave the headers of the call alone.',
  },
  'signature-header-changed': {
    title:
      'The Signature header cannot be read: something on the way changes it, or a sender of your own writes it wrongly.',
    remedy: 'Let the proxy pass the Signature header unchanged.',
  },
  'host-rewritten': {
    title: 'A proxy rewrites Host.',
    remedy: "Let it keep Host (nginx: proxy_set_header Host $host), or set signedUrl: 'configured'.",
  },
  'prefix-stripped': {
    title: 'A proxy takes a prefix off the path.',
    remedy: "Let it keep the path, or set signedUrl: 'configured'.",
  },
  'prefix-added': {
    title: 'A proxy puts a prefix before the path.',
    remedy: "Let it keep the path, or set signedUrl: 'configured'.",
  },
  'path-rewritten': {
    title: 'A proxy rewrites the path.',
    remedy: "Let it keep the path, or set signedUrl: 'configured'.",
  },
  'query-rewritten': {
    title: 'A proxy changes the query.',
    remedy: 'Let it keep the query as it came; it is signed.',
  },
  'header-rewritten': {
    title: 'A proxy rewrites a signed header.',
    remedy: 'Let it pass the headers of the call unchanged.',
  },
  'another-url': {
    title: 'The call is genuine, and for another URL than the one given.',
    remedy: 'Compare the URL with the one in the dashboard, letter by letter.',
  },
  'another-identity': {
    title: "The call is genuine, and another environment's or account's.",
    remedy: 'Compare the id with the X-Copernica-ID that came; each environment has its own.',
  },
  'tls-ended-by-proxy': {
    title: 'A proxy ends TLS, and the server does not know it.',
    remedy: "Tell the server which proxy to trust: Express's trust proxy, or the trustProxy option.",
  },
  'time-zone': {
    title: 'A clock is wrong by whole hours: a time zone was taken for UTC.',
    remedy: 'Set the clock of this machine in UTC, and let NTP keep it.',
  },
  'clock-skew': {
    title: "The clocks of this machine and the sender's differ.",
    remedy: 'Let NTP keep the clock of this machine, or compare it with the real time.',
  },
  'old-capture': {
    title: 'The call was captured a while ago; nothing else is wrong with it.',
    remedy: 'Give the moment of receipt with --at, or --ignore-age.',
  },
  'json-rewritten': {
    title: 'The body was parsed and written anew as JSON.',
    remedy:
      'Verify the bytes as they came: mount webhooks() before every body parser, and let proxies leave bodies alone.',
  },
  'form-rewritten': {
    title: 'The body was parsed and written anew as a form.',
    remedy:
      'Verify the bytes as they came: mount webhooks() before every body parser, and let proxies leave bodies alone.',
  },
  'format-changed': {
    title: 'The body was turned from one format into another, as some tunnels do.',
    remedy: 'Use a tunnel or proxy that keeps the bytes.',
  },
  'line-ends': {
    title: 'The line ends of the body were changed (CRLF to LF, or the other way).',
    remedy: 'Keep the body as bytes; a file must not be opened in text mode.',
  },
  'byte-order-mark': {
    title: 'A byte order mark was put before the body, or taken away.',
    remedy: 'Keep the body as bytes.',
  },
  compressed: {
    title: 'The body was compressed on the way (gzip).',
    remedy: 'Switch off the compression of request bodies in the proxy.',
  },
  'character-set': {
    title: 'The body was converted between UTF-8 and Latin-1.',
    remedy: 'Keep the body as bytes.',
  },
  'end-trimmed': {
    title: 'White space at the end of the body was added or taken away.',
    remedy: 'Keep the body as bytes; editors and copy-and-paste do this.',
  },
  cut: {
    title: 'A part of the body is missing.',
    remedy: 'Look for a limit on the size of bodies, or a connection that was cut.',
  },
  'body-changed': {
    title: 'The body is not the one that was signed.',
    remedy: 'Look for code or a proxy between the vendor and the verification that touches bodies.',
  },
  'test-key': {
    title: 'The call was signed with a test key.',
    remedy: 'Give the public key with --key, or the DNS server that publishes it with --dns.',
  },
  'rotated-key': {
    title: 'The call was signed with another key than the one that is published now: the key was rotated.',
    remedy: 'A fresh call will hold; a receiver must look keys up, never keep a copy for long.',
  },
  'key-not-published': {
    title: 'The key that the call names is not published.',
    remedy: 'If the vendor does publish it, the DNS server that was asked filters or rewrites answers.',
  },
  'key-revoked': {
    title: 'The key that the call names was revoked.',
    remedy: 'The sender must sign with a key that is in use.',
  },
  'key-unavailable': {
    title: 'DNS gave no usable answer, so nothing is known about the key.',
    remedy: 'Check that this machine can ask a DNS server, or name one with --dns.',
  },
  'head-changed': {
    title: 'The right key was used, so the call was genuine once: something signed was changed on the way.',
    remedy: 'Capture the call before the proxy as well, and compare.',
  },
  forged: {
    title: 'The signature is not that of a published key, or not over what came.',
    remedy: 'If the call should be genuine, capture it again directly at the server.',
  },
} as const;

/** The stable name of a cause. */
export type CauseId = keyof typeof causes;

/** The most likely cause. */
export interface Cause {
  readonly id: CauseId;
  /** True when the signature or the digest proves it; false when it is the most likely one. */
  readonly proven: boolean;
  /** What is known beside the cause itself: names, figures, received texts. */
  readonly detail: string | undefined;
}
