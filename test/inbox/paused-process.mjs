// A worker that stops in the middle of a handler until it is told to go on. Settings come as JSON in the first argument.
import { startWorker } from '@smtpeter-webhooks/inbox';
import { postgresInbox } from '@smtpeter-webhooks/inbox/postgres';
import { sqliteInbox } from '@smtpeter-webhooks/inbox/sqlite';

const { file, postgres, effects, leaseMs } = JSON.parse(process.argv[2] ?? '{}');
const inbox = file === undefined ? postgresInbox(postgres) : sqliteInbox({ file });
process.on('disconnect', () => process.exit());
const told = new Promise((resolve) => process.once('message', resolve));
const tell = (line) => process.send({ line });

startWorker({
  inbox,
  leaseMs,
  log: { debug() {}, info() {}, warn: tell, error: tell },
  on: {
    async open(_event, { tx }) {
      if (file === undefined) await tx.query(`INSERT INTO ${effects} VALUES ('paused')`);
      else tx.run(`INSERT INTO ${effects} VALUES ('paused')`);
      process.send({ inHandler: true });
      await told;
    },
  },
});
