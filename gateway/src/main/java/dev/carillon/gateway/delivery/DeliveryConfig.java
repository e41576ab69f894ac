package dev.carillon.gateway.delivery;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What can be set about callbacks. All durations are positive, all counts at least 1.
///
/// @param proxy `callback.proxy`: through which all callbacks go; default none
/// @param disableAfter `callback.disable-after`: an endpoint of which every attempt failed for this
///   long, and [#LEAST_FAILURES] at least, is switched off; default 5 days
/// @param userAgent the `User-Agent` header; default `Carillon/<version>`
public record DeliveryConfig(
    Addresses addresses,
    Timeouts timeouts,
    Retries retries,
    Seats seats,
    Optional<EgressProxy> proxy,
    Duration disableAfter,
    String userAgent) {

  /// How many bytes of an answer are read at most, so that its connection can be used again; an
  /// answer that is longer costs the connection.
  public static final int ANSWER_BYTES = 16 * 1024;

  /// How many idle connections are kept, over all destinations.
  public static final int IDLE_CONNECTIONS = 1024;

  /// How long an idle connection is kept.
  public static final Duration IDLE_TIME = Duration.ofSeconds(30);

  /// The longest `Retry-After` that is obeyed.
  public static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(24);

  /// The least pause after a timeout, 502, 504, or 429 without `Retry-After`.
  public static final Duration OVERLOAD_PAUSE = Duration.ofSeconds(60);

  /// How many attempts answered by 429 with `Retry-After` are not charged, about.
  public static final int FREE_ATTEMPTS = 50;

  /// How many bytes of an answer are kept as its excerpt.
  public static final int EXCERPT_BYTES = 1024;

  /// How many attempts at an endpoint's deliveries must have failed before it is switched off.
  public static final int LEAST_FAILURES = 20;

  /// How many destinations are remembered; of those beyond, the ones that were used least recently
  /// are forgotten with their circuits.
  public static final int REMEMBERED_DESTINATIONS = 20_000;

  /// How long an attempt may hold a quick seat.
  public static final Duration QUICK = Duration.ofSeconds(1);

  /// Where callbacks may go.
  ///
  /// @param allowHttp `callback.allow-http`: also plain `http` and public IP literals, not only
  ///   `https` names; default true
  /// @param allowPrivate `callback.allow-private`: for development, also private and loopback
  ///   addresses, IP literals, single-label names and any port; default false. Metadata addresses
  ///   stay refused
  public record Addresses(boolean allowHttp, boolean allowPrivate) {
    public static final Addresses DEFAULT = new Addresses(true, false);
  }

  /// How long things may take.
  ///
  /// @param attempt `callback.timeout`: the whole attempt, from name look-up to the answer's last
  ///   byte read; default 10 s
  /// @param connect `callback.connect-timeout`: one TCP connection; default 5 s
  /// @param lookup `callback.lookup-timeout`: one name look-up; default 5 s
  /// @param shutdownGrace `callback.shutdown-grace`: how long closing waits for attempts under way;
  ///   default 10 s
  public record Timeouts(
      Duration attempt, Duration connect, Duration lookup, Duration shutdownGrace) {
    public static final Timeouts DEFAULT =
        new Timeouts(
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10));
  }

  /// When a failed delivery is tried again.
  ///
  /// @param pauses `callback.retries`: the pause after each failed attempt, so there is one more
  ///   attempt than pauses; default 1 s, 5 s, 30 s, 2 min, 10 min, 30 min, 1 h, 2 h, 4 h, 8 h, 12
  ///   h, 21 h, 24 h
  /// @param giveUpAfter `callback.give-up-after`: no attempt is planned later than this after the
  ///   delivery was made or sent again by hand; default 7 days
  public record Retries(List<Duration> pauses, Duration giveUpAfter) {
    public static final Retries DEFAULT =
        new Retries(
            List.of(
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofMinutes(2),
                Duration.ofMinutes(10),
                Duration.ofMinutes(30),
                Duration.ofHours(1),
                Duration.ofHours(2),
                Duration.ofHours(4),
                Duration.ofHours(8),
                Duration.ofHours(12),
                Duration.ofHours(21),
                Duration.ofHours(24)),
            Duration.ofDays(7));

    public Retries {
      pauses = List.copyOf(pauses);
    }
  }

  /// How many attempts run at once.
  ///
  /// @param quick `callback.in-flight`: attempts that began less than a second ago; default 512
  /// @param slow `callback.slow-in-flight`: older ones, and those to receivers known to be slow;
  ///   default 2,048
  /// @param perDestination `callback.per-destination`: to one registered endpoint, or from one
  ///   application to one scheme, host and port; default 32
  /// @param perOrigin `callback.per-origin`: to one scheme, host and port from all applications;
  ///   default 32
  /// @param circuitPause `callback.circuit-pause`: how long a destination that failed five times in
  ///   a row is left alone at first; each failed probe doubles it, to 15 minutes; default 5 s
  public record Seats(
      int quick, int slow, int perDestination, int perOrigin, Duration circuitPause) {
    public static final Seats DEFAULT = new Seats(512, 2048, 32, 32, Duration.ofSeconds(5));
  }

  /// A proxy for `http` that also takes `CONNECT`.
  public record EgressProxy(String host, int port) {

    /// Reads `http://host:port`, the port 3128 when there is none.
    ///
    /// @throws IllegalArgumentException for any other text
    public static EgressProxy parse(String text) {
      URI uri = URI.create(text);
      boolean bare =
          "http".equals(uri.getScheme())
              && uri.getHost() != null
              && uri.getRawUserInfo() == null
              && (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"))
              && uri.getRawQuery() == null
              && uri.getRawFragment() == null;
      if (!bare) {
        throw new IllegalArgumentException("write http://host:port");
      }
      return new EgressProxy(
          uri.getHost().replaceAll("[\\[\\]]", ""), uri.getPort() < 0 ? 3128 : uri.getPort());
    }
  }

  /// The defaults.
  public static DeliveryConfig defaults() {
    return new DeliveryConfig(
        Addresses.DEFAULT,
        Timeouts.DEFAULT,
        Retries.DEFAULT,
        Seats.DEFAULT,
        Optional.empty(),
        Duration.ofDays(5),
        "Carillon/" + version());
  }

  /// The same with this choice of addresses.
  public DeliveryConfig with(Addresses other) {
    return new DeliveryConfig(other, timeouts, retries, seats, proxy, disableAfter, userAgent);
  }

  /// The same with these timeouts.
  public DeliveryConfig with(Timeouts other) {
    return new DeliveryConfig(addresses, other, retries, seats, proxy, disableAfter, userAgent);
  }

  /// The same with these retries.
  public DeliveryConfig with(Retries other) {
    return new DeliveryConfig(addresses, timeouts, other, seats, proxy, disableAfter, userAgent);
  }

  /// The same with these seats.
  public DeliveryConfig with(Seats other) {
    return new DeliveryConfig(addresses, timeouts, retries, other, proxy, disableAfter, userAgent);
  }

  /// The same through this proxy.
  public DeliveryConfig with(EgressProxy other) {
    return new DeliveryConfig(
        addresses, timeouts, retries, seats, Optional.of(other), disableAfter, userAgent);
  }

  /// The same with another patience with failing endpoints.
  public DeliveryConfig disablingAfter(Duration other) {
    return new DeliveryConfig(addresses, timeouts, retries, seats, proxy, other, userAgent);
  }

  private static String version() {
    return Optional.ofNullable(DeliveryConfig.class.getPackage().getImplementationVersion())
        .orElse("dev");
  }
}
