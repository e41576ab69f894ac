package dev.carillon.gateway.delivery;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/// Which addresses may be connected to. Works on raw bytes, so no notation can mislead it.
///
/// Sources: the IANA special-purpose address registries for IPv4 and IPv6 (RFC 6890), and the
/// metadata addresses of the large clouds. IPv6 is a positive rule, so whatever IANA adds outside
/// 2000::/3 is refused from the start.
final class AddressRule {
  private static final List<Block> REFUSED_V4 =
      blocks(
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.31.196.0/24",
          "192.52.193.0/24",
          "192.88.99.0/24",
          "192.168.0.0/16",
          "192.175.48.0/24",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/4",
          "240.0.0.0/4",
          "168.63.129.16/32");
  private static final List<Block> GLOBAL_V6 = blocks("2000::/3");
  private static final List<Block> REFUSED_V6 =
      blocks("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");
  private static final List<Block> NAT64 = blocks("64:ff9b::/96");

  private static final List<Block> DEVELOPMENT =
      blocks(
          "127.0.0.0/8",
          "10.0.0.0/8",
          "172.16.0.0/12",
          "192.168.0.0/16",
          "100.64.0.0/10",
          "::1/128",
          "fc00::/7");
  private static final List<Block> METADATA =
      blocks("100.100.100.200/32", "fd00:ec2::254/128", "fd20:ce::254/128");

  private AddressRule() {}

  /// True for an address of the public internet.
  static boolean isPublic(byte[] address) {
    if (address.length == 4) {
      return !inAny(REFUSED_V4, address);
    }
    if (inAny(NAT64, address)) {
      return isPublic(Arrays.copyOfRange(address, 12, 16));
    }
    return inAny(GLOBAL_V6, address) && !inAny(REFUSED_V6, address);
  }

  /// True for a loopback or private address that is no cloud's metadata service.
  static boolean isDevelopment(byte[] address) {
    return inAny(DEVELOPMENT, address) && !inAny(METADATA, address);
  }

  private static boolean inAny(List<Block> blocks, byte[] address) {
    for (Block block : blocks) {
      if (block.contains(address)) {
        return true;
      }
    }
    return false;
  }

  private static List<Block> blocks(String... texts) {
    return Arrays.stream(texts).map(Block::parse).toList();
  }

  /// All addresses that begin with the same bits.
  @SuppressWarnings("ArrayRecordComponent")
  private record Block(byte[] first, int bits) {
    static Block parse(String text) {
      int slash = text.indexOf('/');
      byte[] first = InetAddress.ofLiteral(text.substring(0, slash)).getAddress();
      return new Block(first, Integer.parseInt(text.substring(slash + 1)));
    }

    boolean contains(byte[] address) {
      if (address.length != first.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit += 8) {
        int mask = 0xFF << Math.max(0, 8 - (bits - bit)) & 0xFF;
        if (((address[bit / 8] ^ first[bit / 8]) & mask) != 0) {
          return false;
        }
      }
      return true;
    }
  }
}
