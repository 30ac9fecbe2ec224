import type { EventFilter, PageChange, StoredEvent, StoredInbox } from '@smtpeter-webhooks/inbox';
import { exitCodes, Failure, misuse } from '../failure.js';
import { LineWriter } from '../listen/line-writer.js';
import { onStopSignal } from '../stop-signals.js';
import { safeText } from '../terminal-text.js';
import type { InboxAction } from './command.js';
import { exportLine, listLine } from './event-line.js';
import { type InboxOptions, readFilter } from './filter.js';
import { importLines } from './import.js';
import { withInbox } from './open-inbox.js';
import { progress } from './progress.js';

const PAGE = 500;

/** Looks into an inbox, or mends it. @throws Failure */
export async function inbox(action: InboxAction, ids: readonly string[], options: InboxOptions): Promise<void> {
  const filter = readFilter(ids, options);
  const isFiltered = Object.keys(filter).length > 0;
  if (isFiltered && ['stats', 'watch', 'import'].includes(action)) throw misuse(`inbox ${action} takes no filter.`);
  if (!isFiltered && ['prune', 'park'].includes(action)) {
    const does = action === 'prune' ? 'deletes' : 'parks';
    throw misuse(
      `inbox ${action} ${does}: say which events, by ids, --state, --recipient, --kind, --older-than or --error.`,
    );
  }
  const out = new LineWriter(process.stdout, () => {});
  const { schema } = options;
  await withInbox(options.inbox, schema === undefined ? {} : { schema }, (opened) =>
    run(action, opened, filter, options, out),
  );
}

async function run(
  action: InboxAction,
  opened: StoredInbox<unknown>,
  filter: EventFilter,
  options: InboxOptions,
  out: LineWriter,
): Promise<void> {
  const { store } = opened;
  switch (action) {
    case 'stats':
      return out.write(await statsLine(opened, options.json));
    case 'watch':
      return watch(opened, options, out);
    case 'list':
      return list(opened, filter, options.limit, out, options.json ? listLine : readableLine);
    case 'export':
      return list(opened, filter, Number.POSITIVE_INFINITY, out, exportLine);
    case 'import':
      return importLines(opened, options.json === true, out);
    case 'show':
      return show(opened, filter, options, out);
    case 'retry':
      return change(opened, 'retried', (page) => store.retry(filter, page), options, out);
    case 'park':
      return change(opened, 'parked', (page) => store.park(filter, page), options, out);
    case 'prune':
      return change(opened, 'pruned', (page) => store.prune(filter, page), options, out);
  }
}

/** A stable contract for programs. */
async function statsLine(opened: StoredInbox<unknown>, json: boolean | undefined): Promise<string> {
  const { accepted, waiting, running, handled, dead, duplicates, oldestWaiting } = await opened.stats();
  const counts = { accepted, waiting, running, handled, dead, duplicates };
  if (json) return JSON.stringify({ ok: true, ...counts });
  const age = oldestWaiting === null ? '' : `, the oldest since ${new Date(oldestWaiting).toISOString()}`;
  return `${accepted} accepted: ${waiting} waiting${age}, ${running} running, ${handled} handled, ${dead} dead; ${duplicates} repeats`;
}

async function watch(opened: StoredInbox<unknown>, options: InboxOptions, out: LineWriter): Promise<void> {
  let stop = () => {};
  let stopped = false;
  onStopSignal(() => {
    stopped = true;
    stop();
  });
  while (!stopped) {
    await out.write(await statsLine(opened, options.json));
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, options.every);
      stop = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

async function list(
  opened: StoredInbox<unknown>,
  filter: EventFilter,
  limit: number,
  out: LineWriter,
  lineOf: (event: StoredEvent) => string,
): Promise<void> {
  const bar = progress(limit === Number.POSITIVE_INFINITY ? (await opened.stats()).accepted : 0);
  let left = limit;
  for (let after = 0; left > 0; ) {
    const events = await opened.store.list(filter, { after, limit: Math.min(PAGE, left) });
    for (const event of events) await out.write(lineOf(event));
    left -= events.length;
    after = events.at(-1)?.id ?? 0;
    bar.at(after);
    if (events.length === 0) break;
  }
  bar.end();
}

function readableLine(event: StoredEvent): string {
  const { id, state, kind, recipient, attempts, errors, receivedAt } = event;
  const error = errors.at(-1)?.message;
  const parts = [String(id).padStart(8), new Date(receivedAt).toISOString(), state.padEnd(7), kind.padEnd(18)];
  const rest = [recipient ?? '', attempts > 0 ? `attempts: ${attempts}` : '', error ?? ''].filter(
    (part) => part !== '',
  );
  return [...parts, ...rest.map(safeText)].join(' ');
}

async function show(
  opened: StoredInbox<unknown>,
  filter: EventFilter,
  options: InboxOptions,
  out: LineWriter,
): Promise<void> {
  if (filter.ids === undefined) throw misuse('inbox show takes one or more ids.');
  const events = await opened.store.list(filter, { after: 0, limit: filter.ids.length });
  if (events.length === 0) throw new Failure(exitCodes.no, 'ERR_NOT_FOUND', 'There is no such event.');
  for (const event of events) {
    if (options.json) {
      await out.write(exportLine(event));
      continue;
    }
    await out.write(readableLine(event));
    for (const { at, attempt, message } of event.errors)
      await out.write(`         ${new Date(at).toISOString()} attempt ${attempt}: ${safeText(message)}`);
    await out.write(safeText(Buffer.from(event.body).toString()));
  }
}

async function change(
  opened: StoredInbox<unknown>,
  done: 'retried' | 'parked' | 'pruned',
  step: (page: { after: number; limit: number }) => Promise<PageChange>,
  options: InboxOptions,
  out: LineWriter,
): Promise<void> {
  // Ids grow in order of arrival, and the walk goes along them.
  const bar = progress((await opened.stats()).accepted);
  let changed = 0;
  for (let after: number | null = 0; after !== null; ) {
    const page: PageChange = await step({ after, limit: PAGE });
    changed += page.changed;
    after = page.next;
    if (after !== null) bar.at(after);
  }
  bar.end();
  const wiped = done === 'pruned' ? ((await opened.store.wipe?.()) ?? false) : undefined;
  if (options.json)
    return out.write(JSON.stringify({ ok: true, [done]: changed, ...(wiped !== undefined && { wiped }) }));
  await out.write(
    `${changed} events ${done}${wiped === false ? '; their bytes may still be in the files of the database' : ''}`,
  );
}
