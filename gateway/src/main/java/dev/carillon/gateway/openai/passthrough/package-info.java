/// Calls that are answered while the caller waits: chat, embeddings, speech.
///
/// Each is a task for the ledger's sake: its highest price is held before anything is sent, and
/// what it really used is charged when it ends, in the transaction that ends the task; nothing
/// where it fails. Of the request and the answer only what was used is stored. Streams are
/// forwarded as they arrive; nothing is read from a provider before the caller took what came
/// before.
///
/// When the process dies in the middle, the next start releases the hold. When the caller hangs up,
/// the provider's connection is closed and what had come is charged.
@NullMarked
package dev.carillon.gateway.openai.passthrough;

import org.jspecify.annotations.NullMarked;
