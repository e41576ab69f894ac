/// Lets applications say where their events go, see how each delivery went, and hold the secrets
/// that callbacks are signed with: `/v1/endpoints`, `/v1/deliveries`, `/v1/webhook-secret`, and the
/// public keys under `/.well-known/webhook-keys`.
///
/// It only reads and writes rows. Who sends is another room; what this one needs of it, whether a
/// URL may be taken, fresh keys, one test call, comes in as [Sending] from whoever wires them.
///
/// A secret is shown where it is made and nowhere else, but for the application's own, which `GET
/// /v1/webhook-secret` shows again to its tokens and logs that it did. URLs may hold a secret path:
/// only the endpoint itself shows its own in full, every list cuts path and query.
///
/// All acts are one transaction of the store and may be repeated after a crash. Deleting answers
/// 404 the second time; rotating twice makes two secrets, of which the older stays valid for the
/// overlap.
@NullMarked
package dev.carillon.gateway.webhook;

import org.jspecify.annotations.NullMarked;
