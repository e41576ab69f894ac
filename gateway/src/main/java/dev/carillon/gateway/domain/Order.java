package dev.carillon.gateway.domain;

import dev.carillon.gateway.domain.account.Owner;
import dev.carillon.gateway.domain.callback.CallbackUrl;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A request that was checked, priced and may be accepted as a task.
///
/// @param id the id the task will have; its time part is `createdAt`
/// @param service the catalog's service, such as `midjourney`
/// @param endpoint the catalog's endpoint, such as `/midjourney/imagine`; with the method before it
///   where that is not POST
/// @param type the record's `type`, such as `imagine`
/// @param traceId the trace id of the creating request, or the one its body chose; not empty
/// @param request the body as it was sent: the text of one JSON object
/// @param callbackUrl where to POST the result; any string, checked again before each connection
/// @param price what success costs
/// @param finishBy when the task expires if it has not ended
/// @param terms what the caller asked for beyond the work itself
public record Order(
    TaskId id,
    Owner owner,
    String service,
    String endpoint,
    String type,
    String traceId,
    Instant createdAt,
    String request,
    Optional<CallbackUrl> callbackUrl,
    Money price,
    Instant finishBy,
    Terms terms) {

  /// An order on the usual terms.
  public Order(
      TaskId id,
      Owner owner,
      String service,
      String endpoint,
      String type,
      String traceId,
      Instant createdAt,
      String request,
      Optional<CallbackUrl> callbackUrl,
      Money price,
      Instant finishBy) {
    this(
        id,
        owner,
        service,
        endpoint,
        type,
        traceId,
        createdAt,
        request,
        callbackUrl,
        price,
        finishBy,
        Terms.USUAL);
  }

  /// This order on other terms.
  public Order on(Terms others) {
    return new Order(
        id,
        owner,
        service,
        endpoint,
        type,
        traceId,
        createdAt,
        request,
        callbackUrl,
        price,
        finishBy,
        others);
  }

  /// What a caller asked for beyond the work itself; empty parts are as the gateway usually does.
  ///
  /// @param startBy when the task expires if no work on it has begun; not after `finishBy`
  /// @param keepFor how long the task is kept after its end; empty for what the gateway is set to
  /// @param key the caller's name for the creating request
  /// @param tellsProgress whether the callback URL hears of each step, too
  /// @param mayBeRepeated whether its caller waits for the end and, told that it expired, may send
  ///   the same again without a key: then a result that comes late would be paid for twice
  public record Terms(
      Optional<Instant> startBy,
      Optional<Duration> keepFor,
      Optional<IdempotencyKey> key,
      boolean tellsProgress,
      boolean mayBeRepeated) {
    public static final Terms USUAL =
        new Terms(Optional.empty(), Optional.empty(), Optional.empty());

    /// Terms under which the callback URL hears of the end alone.
    public Terms(
        Optional<Instant> startBy, Optional<Duration> keepFor, Optional<IdempotencyKey> key) {
      this(startBy, keepFor, key, false, false);
    }

    /// These, but kept for another time.
    public Terms keptFor(Optional<Duration> span) {
      return new Terms(startBy, span, key, tellsProgress, mayBeRepeated);
    }

    /// These, but under a name.
    public Terms named(IdempotencyKey name) {
      return new Terms(startBy, keepFor, Optional.of(name), tellsProgress, mayBeRepeated);
    }

    /// These, but for an order that may be sent again.
    public Terms repeatable() {
      return new Terms(startBy, keepFor, key, tellsProgress, true);
    }
  }
}
