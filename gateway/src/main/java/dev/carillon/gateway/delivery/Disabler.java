package dev.carillon.gateway.delivery;

import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.domain.callback.Receipt;
import dev.carillon.gateway.domain.callback.Receipt.Next;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import dev.carillon.gateway.domain.callback.WebhookEndpoint.Health;
import dev.carillon.gateway.domain.callback.WebhookEndpoint.Standing;
import dev.carillon.gateway.store.EndpointStore;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Switches registered endpoints off that failed for days, or that asked for it. What they miss
/// waits in the store.
final class Disabler {
  private static final Logger LOG = LoggerFactory.getLogger(Disabler.class);

  private final EndpointStore endpoints;
  private final Duration patience;
  private final CourierListener listener;

  Disabler(EndpointStore endpoints, Duration patience, CourierListener listener) {
    this.endpoints = endpoints;
    this.patience = patience;
    this.listener = listener;
  }

  /// Looks at an endpoint after an attempt was stored.
  ///
  /// @param asked whether the answer asked for it
  void look(Dispatch dispatch, Receipt receipt, boolean asked, Instant now) {
    if (dispatch.endpoint().isEmpty()) {
      return;
    }
    WebhookEndpoint endpoint = dispatch.endpoint().get();
    switch (receipt.next()) {
      case Next.Gone _ -> tell(endpoint, Standing.GONE); // the store has done it
      case Next.Delivered _ -> {
        if (asked) {
          change(endpoint, Standing.GONE, now, _ -> true);
        }
      }
      case Next.Retry(_, boolean counted) when !counted -> {}
      case Next.Retry _, Next.Exhausted _ -> {
        if (isFailing(endpoint.health(), now)) {
          change(endpoint, Standing.FAILING, now, health -> isFailing(health, now));
        }
      }
      case Next.Blocked _ -> {}
    }
  }

  /// The health is that from before the attempt, which failed as well.
  private boolean isFailing(Health health, Instant now) {
    return health.failures() + 1 >= DeliveryConfig.LEAST_FAILURES
        && health.failingSince().map(since -> !since.plus(patience).isAfter(now)).orElse(false);
  }

  /// Decides by what the store knows by then: many attempts may end at once, and the owner may have
  /// been quicker.
  private void change(
      WebhookEndpoint endpoint, Standing standing, Instant now, Predicate<Health> condition) {
    var changed = new AtomicBoolean();
    var _ =
        endpoints.changeEndpoint(
            endpoint.id(),
            endpoint.application(),
            now,
            current -> {
              boolean change =
                  current.standing() == Standing.ACTIVE && condition.test(current.health());
              changed.set(change);
              return change ? current.in(standing) : current;
            });
    if (changed.get()) {
      tell(endpoint, standing);
    }
  }

  private void tell(WebhookEndpoint endpoint, Standing standing) {
    LOG.warn(
        "callback.endpoint_disabled endpoint={} application={} standing={} failing_since={}",
        endpoint.id(),
        endpoint.application().value(),
        standing.word(),
        endpoint.health().failingSince().map(Instant::toString).orElse("-"));
    listener.endpointDisabled(endpoint.id(), standing);
  }
}
