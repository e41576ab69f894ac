// pg-boss as a peer: jobs are sent one by one, fetched by hundreds without any pause of polling, and
// completed as they were fetched.
import PgBoss from 'pg-boss';
import { setTimeout as pass } from 'node:timers/promises';
import pg from 'pg';
import {
  call,
  HOLD,
  isBusy,
  LATER_SECONDS,
  prepare,
  RESULT,
  serve,
  SETTLE,
} from './peer.mjs';

const FETCHERS = 4;
const BATCH = 100;
const [url, port] = process.argv.slice(2);

const boss = new PgBoss({ connectionString: url, max: 16, schedule: false });
boss.on('error', (error) => console.error(error));
await boss.start();
await boss.createQueue('now');
await boss.createQueue('later');
await boss.createQueue('run');

const pool = new pg.Pool({ connectionString: url, max: 16 });
await prepare(pool);

const ORDER = { name: 'order', text: `${HOLD} SELECT id FROM made` };
const END = { name: 'end', text: `${SETTLE} SELECT id FROM ended` };

// Runs what is given in one transaction, with a way for pg-boss to write in it.
async function together(body) {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await body(client, { executeSql: (text, values) => client.query(text, values) });
    await client.query('COMMIT');
  } catch (failure) {
    await client.query('ROLLBACK');
    throw failure;
  } finally {
    client.release();
  }
}

function order(id, later, caller, request) {
  return together(async (client, db) => {
    await client.query({ ...ORDER, values: [id, caller, request] });
    await boss.send('run', { id }, later ? { startAfter: LATER_SECONDS, db } : { db });
  });
}

// Runs and settles all that were fetched together, and hands each over to be told of.
async function run() {
  while (open) {
    const jobs = isBusy() ? await boss.fetch('run', { batchSize: BATCH }) : [];
    if (jobs.length === 0) {
      await pass(isBusy() ? 5 : 50);
      continue;
    }
    await together(async (client, db) => {
      const ended = await client.query({ ...END, values: [jobs.map((job) => job.data.id), RESULT] });
      await boss.insert(
        ended.rows.map(({ id }) => ({ name: 'now', data: { id } })),
        { db },
      );
      await boss.complete(
        'run',
        jobs.map((job) => job.id),
        {},
        { db },
      );
    });
  }
}

let open = true;

async function work() {
  while (open) {
    if (!isBusy()) {
      await pass(50);
      continue;
    }
    const jobs = await boss.fetch('now', { batchSize: BATCH });
    if (jobs.length === 0) {
      await pass(5);
      continue;
    }
    await Promise.all(jobs.map((job) => call(Number(port), job.data.id)));
    await boss.complete(
      'now',
      jobs.map((job) => job.id),
    );
  }
}

const workers = [
  ...Array.from({ length: FETCHERS }, work),
  ...Array.from({ length: FETCHERS }, run),
];

await serve(
  (id, later) =>
    later ? boss.send('later', { id }, { startAfter: LATER_SECONDS }) : boss.send('now', { id }),
  order,
  async () => {
    open = false;
    await Promise.all(workers);
    await boss.stop({ graceful: false });
    await pool.end();
  },
);
