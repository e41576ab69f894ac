package dev.carillon.gateway.store.sqlite;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.UUID;

/// Ids as 16 bytes, most significant first, so that they sort in the file as in memory.
final class Uuids {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private Uuids() {}

  static byte[] bytes(UUID id) {
    var bytes = new byte[16];
    LONG.set(bytes, 0, id.getMostSignificantBits());
    LONG.set(bytes, 8, id.getLeastSignificantBits());
    return bytes;
  }

  static UUID read(byte[] bytes) {
    return new UUID((long) LONG.get(bytes, 0), (long) LONG.get(bytes, 8));
  }
}
