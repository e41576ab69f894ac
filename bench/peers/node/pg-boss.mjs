// pg-boss as a peer: jobs are sent one by one, fetched by hundreds without any pause of polling, and
// completed as they were fetched.
import PgBoss from 'pg-boss';
import { setTimeout as pass } from 'node:timers/promises';
import { call, isBusy, LATER_SECONDS, serve } from './peer.mjs';

const FETCHERS = 4;
const BATCH = 100;
const [url, port] = process.argv.slice(2);

const boss = new PgBoss({ connectionString: url, max: 16, schedule: false });
boss.on('error', (error) => console.error(error));
await boss.start();
await boss.createQueue('now');
await boss.createQueue('later');

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

const workers = Array.from({ length: FETCHERS }, work);

await serve(
  (id, later) =>
    later ? boss.send('later', { id }, { startAfter: LATER_SECONDS }) : boss.send('now', { id }),
  async () => {
    open = false;
    await Promise.all(workers);
    await boss.stop({ graceful: false });
  },
);
