/// The receiver's side of callbacks: [WebhookVerifier] checks the signature, an [Inbox] keeps what
/// came, [Receiver] answers at once and runs the application's code later, and [FeedReconciler]
/// fetches what never arrived.
///
/// ```
/// POST ─► verify ─► inbox.put ─► 204
///                      │
///         feed ────────┤            (the same ids, so nothing runs twice)
///                      ▼
///                  NEW ─claim─► RUNNING(lease) ─► DONE
///                                 │   ▲
///                                 ▼   │ later
///                               FAILED
/// ```
///
/// The gateway delivers at least once; the inbox makes that once for the application. An event is
/// answered with 204 only after the inbox has it, so with a durable inbox a crash at any line loses
/// nothing: what was running is claimed again when its lease has ended. The application's code runs
/// again only when it failed or its process died under it.
@NullMarked
package dev.carillon.client.webhook;

import org.jspecify.annotations.NullMarked;
