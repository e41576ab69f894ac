/// Lets callers read: a task, a list, a long poll, an inline wait, an event stream.
///
/// Two façades over the same rows: the compatible one speaks the wire contract's shapes (`POST
/// /{service}/tasks`), the native one shows states (`GET /v1/tasks/{id}`). Whoever waits, waits on
/// the store's bell with a slow poll as the floor, so that nothing loads the store while nothing
/// happens. A reader that hangs up stops nothing.
///
/// `GET /v1/events` is the feed of an application: everything its endpoints could hear of, in one
/// order, in the bytes of the webhooks. A consumer that was away reads on from its cursor, which it
/// may leave with the gateway (`/v1/consumers`); an acknowledgement is one transaction.
///
/// What this room learns, how long endpoints really take, becomes the estimate in pending answers;
/// it survives restarts and may lose half a minute of learning in a crash.
@NullMarked
package dev.carillon.gateway.feed;

import org.jspecify.annotations.NullMarked;
