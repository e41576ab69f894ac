package dev.carillon.gateway.delivery;

import java.net.UnknownHostException;

/// An address that may not be connected to. An `UnknownHostException`, because that is the one
/// failure that a `Dns` may tell; it never crosses the room's border.
final class BlockedAddressException extends UnknownHostException {
  BlockedAddressException() {
    super("target not allowed");
  }
}
