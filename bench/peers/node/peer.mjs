// What the peers have in common: they are told by lines what to do and answer `peer: JOBS SECONDS`,
// and their jobs call the sink over kept connections with as little work as HTTP allows.
import net from 'node:net';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { setTimeout as pass } from 'node:timers/promises';

const UNDONE_AT_MOST = 2000;
const DRAINED_WITHIN = 60_000;

export const LATER_SECONDS = 6 * 3600;

const idle = [];
let due = 0;
let called = 0;
let loading = false;

// Tells the sink of a job. Its answers have no body.
export function call(port, id) {
  const body = `{"task_id":"${id}"}`;
  const request =
    'POST /told HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n' +
    `Content-Length: ${body.length}\r\n\r\n${body}`;
  return new Promise((told, failed) => {
    const socket = idle.pop() ?? net.connect({ port, host: '127.0.0.1', noDelay: true });
    let answer = '';
    const hear = (bytes) => {
      answer += bytes;
      if (answer.endsWith('\r\n\r\n')) {
        socket.off('data', hear);
        socket.off('error', failed);
        idle.push(socket);
        called++;
        told();
      }
    };
    socket.on('data', hear);
    socket.on('error', failed);
    socket.write(request);
  });
}

// Whether there are jobs that are due, or will be: otherwise others are measured, and want quiet.
export function isBusy() {
  return loading || called < due;
}

// Serves until its input ends.
//
// enqueue(id, later): makes a job durable, due now or in hours; stop(): ends the queue
export async function serve(enqueue, stop) {
  answer(0, performance.now());
  for await (const line of createInterface({ input: process.stdin })) {
    const [what, seconds, callers] = line.split(' ');
    const begin = performance.now();
    if (what === 'drain') {
      while (called < due && performance.now() - begin < DRAINED_WITHIN) {
        await pass(1);
      }
      answer(called, begin);
    } else {
      answer(await load(enqueue, what === 'work', seconds * 1000, Number(callers)), begin);
    }
  }
  await stop();
  process.exit(0);
}

function answer(jobs, begin) {
  process.stdout.write(`peer: ${jobs} ${((performance.now() - begin) / 1000).toFixed(3)}\n`);
}

async function load(enqueue, now, millis, callers) {
  const end = performance.now() + millis;
  let jobs = 0;
  loading = now;
  const caller = async () => {
    while (performance.now() < end) {
      if (now && due - called >= UNDONE_AT_MOST) {
        await pass(1);
      } else {
        await enqueue(randomUUID(), !now);
        jobs++;
        if (now) {
          due++;
        }
      }
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  loading = false;
  return jobs;
}
