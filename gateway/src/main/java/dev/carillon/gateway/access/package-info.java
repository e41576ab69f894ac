/// Who calls, may they, and how fast. Takes a [dev.carillon.gateway.http.Call] and gives a
/// [dev.carillon.gateway.domain.account.Caller], or refuses in the contract's order (section 5.2):
/// no token `400`, unknown token `401`, expired `401`, token of another service `401`, disabled
/// application `403`, too fast `429`.
///
/// Tokens are kept nowhere: the store holds a keyed hash ([dev.carillon.gateway.access.TokenHash]),
/// so a stolen database opens no door. What a token belongs to is remembered for about a second, so
/// polls do not load the store, and an application disabled on another node is refused here within
/// that second.
///
/// Rates are counted in this process only: after a restart every bucket is full, and with several
/// nodes each allows its own rate. Who tries many wrong tokens is slowed down by address.
@NullMarked
package dev.carillon.gateway.access;

import org.jspecify.annotations.NullMarked;
