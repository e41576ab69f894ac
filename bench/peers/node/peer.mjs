// What the peers have in common: they are told by lines what to do and answer `peer: JOBS SECONDS`,
// and their jobs call the sink over kept connections with as little work as HTTP allows.
import http from 'node:http';
import net from 'node:net';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as pass } from 'node:timers/promises';

const UNDONE_AT_MOST = 2000;
const DRAINED_WITHIN = 60_000;

export const LATER_SECONDS = 6 * 3600;

const TOKEN = 'peer';

// As many as there are, so that hardly ever two orders under way are paid from the same.
const ACCOUNTS = 1000;
const BALANCE = 1_000_000_000_000;
const PRICE = 10;

// What a business keeps beside its jobs when it wants what ours promises. Each caller pays from an
// account of its own, so that none waits for another's.
const TABLES = `
  CREATE TABLE account (id int PRIMARY KEY, balance bigint NOT NULL CHECK (balance >= 0));
  CREATE TABLE orders (id uuid PRIMARY KEY, account int NOT NULL, state smallint NOT NULL,
    price bigint NOT NULL, request text NOT NULL, result text);
  CREATE TABLE ledger (order_id uuid, kind smallint, amount bigint NOT NULL,
    PRIMARY KEY (order_id, kind));
  INSERT INTO account SELECT id, ${BALANCE} FROM generate_series(0, ${ACCOUNTS} - 1) AS id`;

// Holds an order's price and keeps the order, for the queue's statement to follow: $1 its id, $2 the
// account, $3 what was asked.
export const HOLD = `
  WITH held AS (UPDATE account SET balance = balance - ${PRICE}
      WHERE id = $2 AND balance >= ${PRICE} RETURNING id),
    made AS (INSERT INTO orders (id, account, state, price, request)
      SELECT $1::uuid, id, 1, ${PRICE}, $3 FROM held RETURNING id),
    noted AS (INSERT INTO ledger SELECT id, 1, ${PRICE} FROM made)`;

// Ends orders once and settles them, for the queue's statement to follow: $1 their ids, $2 the
// result.
export const SETTLE = `
  WITH ended AS (UPDATE orders SET state = 2, result = $2
      WHERE id = ANY($1::uuid[]) AND state = 1 RETURNING id, price),
    settled AS (INSERT INTO ledger SELECT id, 2, price FROM ended)`;

export const REQUEST = JSON.stringify({ prompt: 'a lighthouse in fog', take: '0 s' });
export const RESULT = JSON.stringify({ success: true, data: { images: ['https://a.example/1'] } });

// Makes the tables that orders need.
export function prepare(pool) {
  return pool.query(TABLES);
}

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
// enqueue(id, later): makes a job durable, due now or in hours; order(id, later, caller, request):
// the same for an order whose price is held, which is run, settled and told of by a second job;
// stop(): ends the queue
export async function serve(enqueue, order, stop) {
  answer(await front(order), performance.now());
  for await (const line of createInterface({ input: process.stdin })) {
    const [what, seconds, callers] = line.split(' ');
    const begin = performance.now();
    if (what === 'drain') {
      while (called < due && performance.now() - begin < DRAINED_WITHIN) {
        await pass(1);
      }
      answer(called, begin);
    } else {
      const make = what === 'enqueue' || what === 'work' ? enqueue : order;
      const now = what === 'work' || what === 'tell';
      answer(await load(make, now, seconds * 1000, Number(callers)), begin);
    }
  }
  await stop();
  process.exit(0);
}

// Takes orders by HTTP, as little as a service can do that others call: it knows the token by its
// hash, reads the request, keeps the order and answers with its id. Returns the port.
async function front(order) {
  const tokens = new Set([hash(TOKEN)]);
  let next = 0;
  const server = http.createServer({ keepAliveTimeout: 0, noDelay: true }, async (request, answer) => {
    try {
      const parts = await request.toArray();
      const [scheme, token] = (request.headers.authorization ?? '').split(' ');
      if (scheme !== 'Bearer' || !tokens.has(hash(token))) {
        answer.writeHead(401).end();
        return;
      }
      const text = Buffer.concat(parts).toString();
      const asked = JSON.parse(text);
      if (typeof asked.prompt !== 'string') {
        answer.writeHead(400).end();
        return;
      }
      const id = randomUUID();
      const now = 'callback_url' in asked;
      if (now) {
        due++;
      }
      try {
        await order(id, !now, next++ % ACCOUNTS, text);
      } catch (failure) {
        due -= now ? 1 : 0;
        throw failure;
      }
      const body = JSON.stringify({ success: true, task_id: id, trace_id: randomUUID() });
      answer.writeHead(200, {
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
      });
      answer.end(body);
    } catch (failure) {
      console.error(failure);
      answer.writeHead(500).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server.address().port;
}

function hash(token) {
  return createHash('sha256').update(token).digest('hex');
}

function answer(jobs, begin) {
  process.stdout.write(`peer: ${jobs} ${((performance.now() - begin) / 1000).toFixed(3)}\n`);
}

async function load(make, now, millis, callers) {
  const end = performance.now() + millis;
  let jobs = 0;
  loading = now;
  const caller = async (_, number) => {
    while (performance.now() < end) {
      if (now && due - called >= UNDONE_AT_MOST) {
        await pass(1);
      } else {
        await make(randomUUID(), !now, number, REQUEST);
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
