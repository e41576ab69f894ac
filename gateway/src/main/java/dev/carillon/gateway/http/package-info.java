/// The front door's kit: HTTP/1.1 on Helidon, made small. Bytes become a
/// [dev.carillon.gateway.http.Call], a [dev.carillon.gateway.http.Handler] turns it into a
/// [dev.carillon.gateway.http.Reply], and every refusal is a [dev.carillon.gateway.http.Problem],
/// written as the contract's error envelope by one place.
///
/// **What it does.** Normalises paths (contract sections 0.8 and 1.1), finds the route, keeps the
/// limits on head, body, JSON depth and time, gives every request a trace id, reads JSON strictly
/// and streams events. One request runs on one virtual thread, so a handler may simply wait.
///
/// **What it promises.** Every answer carries `Carillon-Trace-Id`. Every error has the same
/// envelope, those found below the routes included. An exception nobody expected is logged once
/// with its trace id and answered 500 without details. Nothing is kept in this room: when the
/// machine dies, only open connections are lost.
///
/// **How it fails.** More connections than the limit wait in the kernel's backlog. On closing, the
/// server stops to accept, lets running requests finish within the grace and then cuts them.
@NullMarked
package dev.carillon.gateway.http;

import org.jspecify.annotations.NullMarked;
