/// Brings callbacks to their receivers.
///
/// ```
///  store ──claimDeliveries──► Courier ─► AddressGuard.check(url text) ─ refused ─► row: blocked
///                                │  one queue a destination, in turn (Lanes)
///                                ▼
///                             Poster ─► look-up, all addresses vetted ─► connect, vetted again
///                                │  POST under one deadline
///  store ◄──recordAttempt─── RetryPlan ◄── status or failure, by stage
/// ```
///
/// **It takes** a [dev.carillon.gateway.domain.Dispatch], the right to try one delivery once, and
/// **gives** a [dev.carillon.gateway.domain.Receipt], one row an attempt. It tells nobody else but
/// a [dev.carillon.gateway.delivery.CourierListener], and never changes a task.
///
/// **It promises** at least one attempt that the receiver answered with 2xx, or all attempts of the
/// plan used up, or a receiver that said 410, or an address that may not be connected to. Each
/// attempt has the same bytes and the same `webhook-id`. Only 2xx is success; a redirect is a
/// failure and is not followed.
///
/// **When the machine dies** between the receiver's 2xx and our row, the receiver gets the callback
/// again: the id is the same, so it can drop it. When we stop in order, attempts under way get a
/// grace; one that is cut off is not stored and not charged.
///
/// **A slow or dead receiver** holds only the seats of its own scheme, host and port. What waits
/// for it beyond a bound is put off in the store with the failure `ours_capacity`, which like every
/// failure whose word begins with `ours_` is not charged to the receiver.
///
/// **No address inside.** A URL's text is read by a grammar of our own; all addresses of its name
/// must be public; and the socket looks at the concrete address once more when it connects, so a
/// name that changes its mind in between gains nothing. No proxy, cookie or system setting is used.
@NullMarked
package dev.carillon.gateway.delivery;

import org.jspecify.annotations.NullMarked;
