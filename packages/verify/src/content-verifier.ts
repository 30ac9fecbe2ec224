import {
  firstPath,
  host,
  identity,
  keepOnly,
  requestLine,
  requiredHeadersOfPages,
  transport,
} from './address-checks.js';
import { Call } from './call.js';
import type { Check } from './check.js';
import type { ConfiguredEndpoint } from './configured-endpoint.js';
import { key, signature } from './key-checks.js';
import { whenThere } from './promise-like.js';
import { runChecks } from './run-checks.js';
import { readSettings } from './settings.js';
import {
  algorithm,
  coverageOfPages,
  coveredHeaders,
  date,
  keyId,
  signatureHeader,
  signatureTime,
} from './signature-checks.js';
import type { RequestHead } from './signed-request.js';
import { VerifiedCall } from './verified-call.js';
import type { VerifiedHead, VerifierOptions } from './verifier.js';

/** `url` of an endpoint is a page's; one that ends with a slash stands for everything below it as well. */
export type ContentVerifierOptions = Omit<VerifierOptions, 'replay'>;

/** Verifies the vendor's requests for pages. Made by `createContentVerifier`. */
export interface ContentVerifier {
  /**
   * Runs the checklist on a GET or HEAD request. There is no body, so a digest is not asked for; and to give a page
   * twice does no harm, so that repeats are not looked for.
   *
   * @throws WebhookRejectedError, thrown or as a rejection.
   */
  verify(head: RequestHead): VerifiedHead | Promise<VerifiedHead>;
  /** Ends look-ups and timers. */
  close(): void;
}

const methodOfPages: Check = {
  id: 'method',
  // Without this a body that nothing was signed over would pass for the vendor's.
  run: ({ head }) =>
    head.method === 'GET' || head.method === 'HEAD'
      ? undefined
      : { code: 'ERR_HEADER_INVALID', evidence: { part: 'method', received: head.method } },
};

const pathOfPages: Check = {
  id: 'path',
  run(call) {
    const received = call.path;
    return keepOnly(call, 'ERR_PATH_MISMATCH', received, (one) => isPage(one, received), firstPath);
  },
};

/** The checklist of calls, without what is about bodies. */
const pageChecks: readonly Check[] = [
  requestLine,
  methodOfPages,
  transport,
  requiredHeadersOfPages,
  host,
  pathOfPages,
  identity,
  date,
  signatureHeader,
  algorithm,
  coverageOfPages,
  coveredHeaders,
  signatureTime,
  keyId,
  key,
  signature,
];

/**
 * Makes a verifier for the GET requests with which the vendor fetches external content for mailings: signed as calls
 * are, with no body to digest.
 *
 * @throws TypeError that names the option that is wrong, and what to give.
 */
export function createContentVerifier(options: ContentVerifierOptions): ContentVerifier {
  const settings = readSettings(options, true);
  return {
    verify(head) {
      const call = new Call(settings, head);
      return whenThere(runChecks(pageChecks, call), () => VerifiedCall.ofPage(call));
    },
    close: () => settings.keys.close?.(),
  };
}

function isPage({ paths }: ConfiguredEndpoint, path: string): boolean {
  return paths.some((one) => one === path || (one.endsWith('/') && path.startsWith(one)));
}
