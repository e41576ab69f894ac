/// Brings callbacks to their receivers.
///
/// ```
///  store ──claimDeliveries──► Courier ─► AddressGuard.check(url text) ─ refused ─► row: blocked
///     ▲ │ may I?  ▲ reopen        │  a seat for each attempt
///     │ └──────► Seats ◄──────────┤  RequestWriter: body, headers, signature
///     │        Lane, Circuit      ▼
///     │                        Poster ─► look-up, all addresses vetted ─► connect, vetted again
///     │                           │  POST under one deadline
///     └────recordAttempt────── RetryPlan ◄── status or failure, by stage ─► Disabler
/// ```
///
/// **It takes** a [dev.carillon.gateway.domain.callback.Dispatch], the right to try one delivery
/// once, and **gives** a [dev.carillon.gateway.domain.callback.Receipt], one row an attempt. It
/// tells nobody else but a [dev.carillon.gateway.delivery.CourierListener], and never changes a
/// task. Of an endpoint it changes the standing alone, when it failed for days.
///
/// **It promises** at least one attempt that the receiver answered with 2xx, or all attempts of the
/// plan used up, or a receiver that said 410, or an address that may not be connected to. Each
/// attempt has the same bytes and the same `webhook-id`, and a timestamp and signature of its own
/// over the bytes that are sent. Only 2xx is success; a redirect is a failure and is not followed.
///
/// **When the machine dies** between the receiver's 2xx and our row, the receiver gets the callback
/// again: the id is the same, so it can drop it. When we stop in order, attempts under way get a
/// grace; one that is cut off is not stored and not charged.
///
/// **A slow or dead receiver** holds only seats of its own. Each destination (one endpoint, or one
/// application's callbacks to one origin) has a window of attempts at once that begins at four and
/// doubles with its answers, and a circuit:
///
/// ```
///             five sick attempts in a row
///   closed ────────────────────────────────► open ◄───────────┐
///     ▲                                        │ 5 s … 15 min  │ sick: twice as long
///     │ an answer: window 1, doubling          ▼               │
///     └──────────────────────────────────── half open ────────┘
///                                        one probe at a time
/// ```
///
/// Sick is no answer, 5xx and 429; any other answer is a sign of life. While a circuit is open, or
/// a `Retry-After` runs, the destination has no room: the store sets it aside, and nothing of it is
/// read, claimed or charged. An attempt that lasts longer than a second moves from a quick seat of
/// the node to a slow one, and a destination known to be slow starts there, so however many
/// receivers hang, the quick seats belong to the others. Turns between applications and
/// destinations are the store's.
///
/// What is known of destinations lives in the memory of one node: after a start all circuits are
/// closed, and two nodes probe a dead receiver each on their own. That costs a few attempts; a
/// shared state would cost a write an attempt.
///
/// A failure whose word begins with `ours_` is not the receiver's: it counts neither for its
/// circuit nor for its attempts nor for its endpoint's health.
///
/// **No address inside.** A URL's text is read by a grammar of our own; all addresses of its name
/// must be public; and the socket looks at the concrete address once more when it connects, so a
/// name that changes its mind in between gains nothing. No cookie or system setting is used, and no
/// proxy but the configured one. Through a proxy only the first check is ours, as the proxy looks
/// the names up; it must refuse private addresses itself.
@NullMarked
package dev.carillon.gateway.delivery;

import org.jspecify.annotations.NullMarked;
