import type { refusals as full } from './refusal-kinds.js';

/** The table of refusal-kinds.ts without its sentences, which are in docs/errors.md. Held equal by a test. */
const names = {
  400: 'HTTP_UNREADABLE BODY_ABORTED',
  405: 'METHOD_NOT_ALLOWED',
  408: 'REQUEST_TIMEOUT BODY_TIMEOUT',
  413: 'BODY_TOO_LARGE',
  415: 'CONTENT_ENCODING',
  417: 'EXPECTATION',
  431: 'HEADERS_TOO_LARGE',
  500: 'BODY_CONSUMED HANDLER_FAILED EVENT_UNREADABLE INTERNAL',
  503: 'HANDLER_TIMEOUT HANDLER_BUSY PENDING OVERLOADED INBOX_UNAVAILABLE SHUTTING_DOWN',
};

/** Every way in which a call can be refused besides failing verification, by its stable code. */
export const refusals = /* @__PURE__ */ tableOf(names) as unknown as typeof full;

function tableOf(byStatus: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(byStatus).flatMap(([status, list]) =>
      list.split(' ').map((name) => [
        `ERR_${name}`,
        {
          status: Number(status),
          meaning: `${name.toLowerCase().replaceAll('_', ' ')}.`,
          remedy: 'see docs/errors.md',
        },
      ]),
    ),
  );
}
