import type { Duplicate, Rejection, WebhookEvent } from '@smtpeter-webhooks/receiver';
import type { Colors } from 'picocolors/types.js';
import { safeText, terminalJson } from '../terminal-text.js';
import type { Forwarded } from './forward.js';

/** How calls are printed: for people, or for programs. Each gives one line without its end. */
export interface Lines {
  ready(address: string, port: number): string;
  event(event: WebhookEvent): string;
  duplicate(duplicate: Duplicate): string;
  rejected(rejection: Rejection): string;
  /** The target answered, with whatever status. */
  forwarded(result: Forwarded): string;
  /** The target did not answer. */
  forwardFailed(to: string, code: string): string;
}

/** NDJSON: a stable contract. */
export const jsonLines: Lines = {
  ready: (address, port) => terminalJson({ line: 'ready', address, port }),
  event: (event) => terminalJson({ line: 'event', event }),
  duplicate: (duplicate) => terminalJson({ line: 'duplicate', ...duplicate }),
  rejected: (rejection) => terminalJson({ line: 'rejected', ...rejection }),
  forwarded: (result) => terminalJson({ line: 'forwarded', ...result }),
  forwardFailed: (to, code) => terminalJson({ line: 'forward-failed', to, code }),
};

/** Lines for people. Nothing that was received reaches the terminal as it came. */
export function readableLines(color: Colors): Lines {
  const time = () => color.dim(new Date().toISOString().slice(11, 19));
  return {
    ready: (address, port) =>
      `${color.green('listening')} on http://${address.includes(':') ? `[${address}]` : address}:${port}`,
    event: (event) => `${time()} ${color.green(event.kind.padEnd(18))} ${safeText(event.identity)} ${describe(event)}`,
    duplicate: (duplicate) =>
      `${time()} ${color.yellow('repeat'.padEnd(18))} ${safeText(duplicate.identity)} handled before`,
    forwarded({ to, status, durationMs }) {
      const answer = status >= 200 && status <= 299 ? color.green(String(status)) : color.red(String(status));
      return `${time()} ${color.dim('forwarded'.padEnd(18))} ${to} ${answer} in ${durationMs} ms`;
    },
    forwardFailed: (to, code) => `${time()} ${color.red('not forwarded'.padEnd(18))} ${to} ${code}`,
    rejected({ status, code, reason, evidence, hint, remedy }) {
      const seen = Object.entries(evidence).map(([name, value]) => `${name}: ${safeText(String(value))}`);
      const first = `${time()} ${color.red(`refused ${status}`.padEnd(18))} ${color.bold(code)} ${reason}`;
      return [first, ...(seen.length > 0 ? [seen.join('; ')] : []), hint ?? remedy].join('\n         ');
    },
  };
}

function describe(event: WebhookEvent): string {
  const parts: (string | undefined)[] = [];
  if ('recipient' in event) parts.push(event.recipient);
  if ('id' in event) parts.push(event.id);
  if ('profileId' in event) parts.push(event.profileId);
  if (event.kind === 'unknown') parts.push(event.reason.text);
  return parts
    .filter((part) => part !== undefined)
    .map(safeText)
    .join(' ');
}
