package dev.carillon.gateway.webhook;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.DeliveryId;
import dev.carillon.gateway.domain.callback.DeliveryState;
import dev.carillon.gateway.domain.callback.EndpointId;
import dev.carillon.gateway.http.strict.Strict;
import dev.carillon.gateway.store.DeliveryStore.DeliveryQuery;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Reads which deliveries are meant: from a query string or a body, with the same names.
///
/// @param given the text of a parameter or field
record DeliveryFilter(Function<String, Optional<String>> given) {
  static final List<String> NAMES =
      List.of("task", "endpoint", "state", "type", "created_after", "created_before");

  boolean isEmpty() {
    return NAMES.stream().allMatch(name -> given.apply(name).isEmpty());
  }

  DeliveryQuery query(ApplicationId application, Optional<DeliveryId> before, int limit) {
    return new DeliveryQuery(
        application,
        id("task", TaskId::parse),
        id("endpoint", EndpointId::parse),
        given
            .apply("state")
            .map(text -> Strict.oneOf("state", text, DeliveryState.values(), DeliveryState::word)),
        given
            .apply("type")
            .map(text -> Strict.oneOf("type", text, EndpointChange.HEARD, EventType::wire)),
        given.apply("created_after").map(text -> Strict.time("created_after", text)),
        given.apply("created_before").map(text -> Strict.time("created_before", text)),
        before,
        limit);
  }

  <T> Optional<T> id(String name, Function<String, Optional<T>> parse) {
    return given
        .apply(name)
        .map(text ->
            parse
                .apply(text)
                .orElseThrow(() -> Strict.refused(name + " must be an id, a UUID with dashes")));
  }
}
