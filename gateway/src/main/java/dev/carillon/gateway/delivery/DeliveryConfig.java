package dev.carillon.gateway.delivery;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What can be set about callbacks. All durations are positive, all counts at least 1.
///
/// @param userAgent the `User-Agent` header; default `Carillon/<version>`
public record DeliveryConfig(
    Addresses addresses, Timeouts timeouts, Retries retries, LaneLimits lanes, String userAgent) {

  /// How many bytes of an answer are read at most, so that its connection can be used again; an
  /// answer that is longer costs the connection.
  public static final int ANSWER_BYTES = 16 * 1024;

  /// How many idle connections are kept, over all destinations.
  public static final int IDLE_CONNECTIONS = 256;

  /// How long an idle connection is kept.
  public static final Duration IDLE_TIME = Duration.ofSeconds(30);

  /// The longest `Retry-After` that is obeyed.
  public static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(24);

  /// The least pause after a timeout, 502, 504, or 429 without `Retry-After`.
  public static final Duration OVERLOAD_PAUSE = Duration.ofSeconds(60);

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
  ///   task's end; default 7 days
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

  /// How many attempts run and wait at once.
  ///
  /// @param inFlight `callback.in-flight`: attempts under way, over all destinations; default 512
  /// @param perDestination `callback.per-destination`: attempts under way to one scheme, host and
  ///   port; default 32
  /// @param waitingPerDestination `callback.waiting-per-destination`: deliveries in memory that
  ///   wait for their destination; default 4,096. More wait in the store if the receiver is slow
  /// @param waiting `callback.waiting`: the same over all destinations, each of which may take as
  ///   much as is still free; default 8,192
  public record LaneLimits(
      int inFlight, int perDestination, int waitingPerDestination, int waiting) {
    public static final LaneLimits DEFAULT = new LaneLimits(512, 32, 4096, 8192);
  }

  /// The defaults.
  public static DeliveryConfig defaults() {
    return new DeliveryConfig(
        Addresses.DEFAULT,
        Timeouts.DEFAULT,
        Retries.DEFAULT,
        LaneLimits.DEFAULT,
        "Carillon/" + version());
  }

  /// The same with this choice of addresses.
  public DeliveryConfig with(Addresses other) {
    return new DeliveryConfig(other, timeouts, retries, lanes, userAgent);
  }

  /// The same with these timeouts.
  public DeliveryConfig with(Timeouts other) {
    return new DeliveryConfig(addresses, other, retries, lanes, userAgent);
  }

  /// The same with these retries.
  public DeliveryConfig with(Retries other) {
    return new DeliveryConfig(addresses, timeouts, other, lanes, userAgent);
  }

  /// The same with these limits of attempts at once.
  public DeliveryConfig with(LaneLimits other) {
    return new DeliveryConfig(addresses, timeouts, retries, other, userAgent);
  }

  private static String version() {
    return Optional.ofNullable(DeliveryConfig.class.getPackage().getImplementationVersion())
        .orElse("dev");
  }
}
