// graphile-worker as a peer, with what its page on performance sets: a local queue of 500 jobs and
// jobs completed in batches.
import { Logger, run } from 'graphile-worker';
import pg from 'pg';
import { call, HOLD, LATER_SECONDS, prepare, RESULT, serve, SETTLE } from './peer.mjs';

const [url, port] = process.argv.slice(2);

const ORDER = {
  name: 'order',
  text: `${HOLD} SELECT graphile_worker.add_job('run', json_build_object('id', id),
    run_at => now() + $4 * interval '1 second') FROM made`,
};
const END = {
  name: 'end',
  text: `${SETTLE} SELECT graphile_worker.add_job('call', json_build_object('id', id)) FROM ended`,
};

const pool = new pg.Pool({ connectionString: url, max: 25 });
await prepare(pool);

const runner = await run({
  preset: {
    worker: {
      connectionString: url,
      concurrentJobs: 64,
      maxPoolSize: 25,
      localQueue: { size: 500 },
      completeJobBatchDelay: 0,
      failJobBatchDelay: 0,
      logger: new Logger(() => () => {}),
    },
  },
  noHandleSignals: true,
  taskList: {
    call: ({ id }) => call(Number(port), id),
    run: ({ id }) => pool.query({ ...END, values: [[id], RESULT] }),
  },
});

await serve(
  (id, later) =>
    runner.addJob(
      'call',
      { id },
      later ? { runAt: new Date(Date.now() + LATER_SECONDS * 1000) } : {},
    ),
  (id, later, caller, request) =>
    pool.query({ ...ORDER, values: [id, caller, request, later ? LATER_SECONDS : 0] }),
  async () => {
    await runner.stop();
    await pool.end();
  },
);
