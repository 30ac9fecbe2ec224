import { misuse } from '../failure.js';

/** The options of `send`, as its command reads them. */
export interface SendOptions {
  readonly to?: string;
  readonly as?: string;
  readonly id?: string;
  readonly key?: string;
  readonly keyId?: string;
  readonly count: number;
  readonly repeat: number;
  readonly rate?: number;
  readonly concurrency: number;
  readonly encoding: 'json' | 'form';
  readonly set?: string[];
  readonly body?: string;
  readonly header?: string[];
  readonly scenario?: string;
  readonly fault?: string;
  readonly json?: true;
}

/** Those that every call needs; `--fault list` needs none. @throws Failure of misuse. */
export function required(options: SendOptions): { to: string; id: string; key: string; keyId: string } {
  const { to, id, key, keyId } = options;
  if (to === undefined) throw missing('--to <url>');
  if (id === undefined) throw missing('--id <id>');
  if (key === undefined) throw missing('--key <pem>');
  if (keyId === undefined) throw missing('--key-id <name>');
  return { to, id, key, keyId };
}

function missing(option: string) {
  return misuse(`required option '${option}' not specified`, 'See smtpeter-webhooks send --help.');
}
