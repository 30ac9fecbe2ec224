/** An enhanced status code, RFC 3463 section 2: `5.1.1`. */
export interface EnhancedStatus {
  /** 2 success, 4 persistent transient failure, 5 permanent failure. */
  readonly class: 2 | 4 | 5;
  /** 0 other, 1 address, 2 mailbox, 3 mail system, 4 network, 5 protocol, 6 content, 7 policy (RFC 3463 section 3). */
  readonly subject: number;
  /** Its meaning depends on `subject`. */
  readonly detail: number;
  /** As it came. */
  readonly text: string;
}

/** Undefined when it is no enhanced status code. */
export function parseStatus(text: string): EnhancedStatus | undefined {
  const match = /^([245])\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return undefined;
  return { class: Number(match[1]) as 2 | 4 | 5, subject: Number(match[2]), detail: Number(match[3]), text };
}
