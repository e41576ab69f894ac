/// The nouns of the gateway and their rules, without I/O: a task and its states, an order, a claim,
/// an outcome, a delivery, a caller, money. Every other room speaks in these words; this one knows
/// nobody.
///
/// The types force the order of the walk: a [dev.carillon.gateway.domain.account.Caller] with a
/// request makes an [dev.carillon.gateway.domain.Order]; an accepted order is a
/// [dev.carillon.gateway.domain.Task]; a task is worked on only under a
/// [dev.carillon.gateway.domain.Claim]; work ends in an [dev.carillon.gateway.domain.Outcome]; and
/// [dev.carillon.gateway.domain.Lifecycle] says which state follows.
@NullMarked
package dev.carillon.gateway.domain;

import org.jspecify.annotations.NullMarked;
