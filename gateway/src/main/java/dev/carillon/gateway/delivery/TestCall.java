package dev.carillon.gateway.delivery;

import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;

/// Sends one signed event of type `endpoint.test` to an endpoint at once, whatever its standing,
/// and tells what came back. Nothing is stored, and neither its health nor its circuit changes.
///
/// It goes the way of every callback: the same address guard, the same limits, the same signature.
public final class TestCall {
  /// The type of the event. Nothing in the feed has it.
  public static final String TYPE = "endpoint.test";

  private static final int AT_ONCE = 32;
  private static final int ID_BYTES = 16;

  private final AddressGuard guard;
  private final Poster poster;
  private final RequestWriter writer;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Semaphore seats = new Semaphore(AT_ONCE);

  /// What was sent and what came back.
  ///
  /// @param headers as sent, with the endpoint's own, whose values are secrets
  /// @param status the HTTP status, or 0 when none came
  /// @param failure why it does not count as delivered; empty on success
  /// @param excerpt the beginning of the answer's body; may be empty
  public record Result(
      Instant sentAt,
      Map<String, String> headers,
      String body,
      int status,
      Optional<String> failure,
      Duration took,
      String excerpt) {}

  TestCall(
      AddressGuard guard,
      Poster poster,
      RequestWriter writer,
      InstantSource clock,
      RandomGenerator random) {
    this.guard = guard;
    this.poster = poster;
    this.writer = writer;
    this.clock = clock;
    this.random = random;
  }

  /// Sends one. Waits for the answer, at most as long as an attempt may last; too many at once fail
  /// with `ours_capacity`.
  public Result send(WebhookEndpoint endpoint) {
    Instant now = clock.instant();
    byte[] random = new byte[ID_BYTES];
    this.random.nextBytes(random);
    String id = "msg_test_" + HexFormat.of().formatHex(random);
    var request = writer.test(endpoint, id, body(endpoint, id, now), now);
    Posted posted = post(endpoint, request);
    return new Result(
        now,
        request.headers(),
        new String(request.body(), StandardCharsets.UTF_8),
        posted.status(),
        posted.failure(),
        posted.took(),
        posted.excerpt());
  }

  private Posted post(WebhookEndpoint endpoint, RequestWriter.Written request) {
    if (!(guard.check(endpoint.url().value()) instanceof Verdict.Allowed(var target))) {
      return Posted.unsent(Posted.BLOCKED_URL);
    }
    if (!seats.tryAcquire()) {
      return Posted.unsent("ours_capacity");
    }
    try {
      return poster.post(target, request.headers(), request.body());
    } finally {
      seats.release();
    }
  }

  private static byte[] body(WebhookEndpoint endpoint, String id, Instant now) {
    String text =
        "{\"id\":\"%s\",\"type\":\"%s\",\"timestamp\":\"%s\",\"data\":{\"endpoint_id\":\"%s\"}}"
            .formatted(id, TYPE, now, endpoint.id());
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
