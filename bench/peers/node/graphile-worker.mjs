// graphile-worker as a peer, with what its page on performance sets: a local queue of 500 jobs and
// jobs completed in batches.
import { Logger, run } from 'graphile-worker';
import { call, LATER_SECONDS, serve } from './peer.mjs';

const [url, port] = process.argv.slice(2);

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
  },
});

await serve(
  (id, later) =>
    runner.addJob(
      'call',
      { id },
      later ? { runAt: new Date(Date.now() + LATER_SECONDS * 1000) } : {},
    ),
  () => runner.stop(),
);
