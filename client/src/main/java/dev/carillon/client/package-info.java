/// The caller's side of the gateway: [Carillon] is the door, errors are a tree under
/// [CarillonException], and what comes by callback is in `dev.carillon.client.webhook`.
///
/// It speaks HTTP by `java.net.http` and JSON by Jackson, keeps no static state, reads every answer
/// to its end or cancels it, and tolerates fields and codes it does not know.
@NullMarked
package dev.carillon.client;

import org.jspecify.annotations.NullMarked;
