package dev.carillon.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/// A named reader of the feed, whose place the gateway keeps.
final class Consumer {
  private static final int HOST_CHARS = 40;
  private static final int HASH_BYTES = 4;

  private final GatewayApi gateway;
  private final String name;

  Consumer(GatewayApi gateway, String name) {
    this.gateway = gateway;
    this.name = name;
  }

  String name() {
    return name;
  }

  /// The place it acknowledged. One that never did begins now, and the gateway keeps that place, so
  /// that nothing after it is missed.
  String place() throws IOException, InterruptedException {
    Optional<String> known = known();
    return known.isPresent() ? known.get() : acknowledge("now");
  }

  private Optional<String> known() throws IOException, InterruptedException {
    try {
      return Optional.ofNullable(gateway.get(path()).get("cursor"));
    } catch (GatewayRefusal refused) {
      if (refused.status() == 404) {
        return Optional.empty();
      }
      throw refused;
    }
  }

  /// Tells the gateway that all up to this place is done.
  ///
  /// @return the place as the gateway keeps it
  String acknowledge(String cursor) throws IOException, InterruptedException {
    return gateway.put(path(), "{\"cursor\":\"" + cursor + "\"}").getOrDefault("cursor", cursor);
  }

  private String path() {
    return "/v1/consumers/" + GatewayApi.encoded(name);
  }

  /// A name that is the same each time this machine forwards to this receiver.
  static String usualName(URI receiver) {
    String host = host();
    String plain = host.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.-]", "-");
    return "listen-%s-%s"
        .formatted(
            plain.substring(0, Math.min(HOST_CHARS, plain.length())), hash(host + " " + receiver));
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException nameless) {
      return "localhost";
    }
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(Arrays.copyOf(digest, HASH_BYTES));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
