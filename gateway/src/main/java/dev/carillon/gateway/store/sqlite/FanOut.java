package dev.carillon.gateway.store.sqlite;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.Event;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.CallbackUrl;
import dev.carillon.gateway.domain.callback.DeliveryId;
import dev.carillon.gateway.domain.callback.Destination;
import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import dev.carillon.gateway.store.queue.Dispatches;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes the deliveries of an event, in the transaction that writes it: one to the task's own
/// `callback_url` when it ended, one to each registered endpoint that hears of it.
///
/// @param ids makes their ids
record FanOut(InstantSource clock, Ids ids) {

  /// The deliveries of an event that ended a task.
  List<Dispatch> ended(Transaction transaction, Task task, Event event) throws SQLException {
    ApplicationId application = event.application();
    List<WebhookEndpoint> endpoints =
        transaction.endpoints().of(transaction.session(), application);
    Optional<CallbackUrl> url = task.order().callbackUrl();
    if (url.isEmpty() && endpoints.isEmpty()) {
      return List.of();
    }
    Instant now = clock.instant();
    var made = new ArrayList<Dispatch>(1 + endpoints.size());
    if (url.isPresent()) {
      made.add(dispatch(Optional.empty(), url.get(), event, task, now));
    }
    for (WebhookEndpoint endpoint : endpoints) {
      if (endpoint.hears(event.type())) {
        made.add(dispatch(Optional.of(endpoint), endpoint.url(), event, task, now));
      }
    }
    for (Dispatch dispatch : made) {
      DeliveryRows.insert(transaction.session(), row(dispatch), now);
    }
    return made;
  }

  private Dispatch dispatch(
      Optional<WebhookEndpoint> endpoint, CallbackUrl url, Event event, Task task, Instant now) {
    Destination destination =
        endpoint
            .map(WebhookEndpoint::destination)
            .orElseGet(() -> new Destination(event.application(), url.origin()));
    return new Dispatch(
        new DeliveryId(ids.next()),
        destination,
        endpoint,
        url,
        event,
        task,
        Dispatch.Tries.first(now));
  }

  private static DeliveryRows.New row(Dispatch dispatch) {
    return new DeliveryRows.New(
        dispatch.id(),
        dispatch.event(),
        dispatch.endpoint().map(WebhookEndpoint::id),
        dispatch.destination().key());
  }

  /// The deliveries of an event of a task that goes on. What an endpoint was still to hear of
  /// earlier progress is dropped: the newest says all.
  List<Written> underWay(Transaction transaction, Event event) throws SQLException {
    var written = new ArrayList<Written>();
    Session session = transaction.session();
    for (WebhookEndpoint endpoint : transaction.endpoints().of(session, event.application())) {
      if (endpoint.hears(event.type())) {
        int fewer =
            event.type() == EventType.TASK_PROGRESSED
                ? DeliveryRows.supersede(session, event, endpoint.id())
                : 0;
        Instant now = clock.instant();
        DeliveryRows.insert(
            session, DeliveryRows.New.of(new DeliveryId(ids.next()), event, endpoint), now);
        written.add(new Written(endpoint.destination(), now, 1 - fewer));
      }
    }
    return written;
  }

  /// The delivery of a step to the task's own `callback_url`.
  Written step(Transaction transaction, Event event, CallbackUrl url) throws SQLException {
    var destination = new Destination(event.application(), url.origin());
    Instant now = clock.instant();
    var made =
        new DeliveryRows.New(
            new DeliveryId(ids.next()), event, Optional.empty(), destination.key());
    DeliveryRows.insert(transaction.session(), made, now);
    return new Written(destination, now, 1);
  }

  /// The delivery of an event that an endpoint missed.
  void missed(Transaction transaction, Event event, WebhookEndpoint endpoint, Instant now)
      throws SQLException {
    DeliveryRows.insert(
        transaction.session(),
        DeliveryRows.New.of(new DeliveryId(ids.next()), event, endpoint),
        now);
  }

  /// Deliveries that stand only in the file.
  ///
  /// @param more how many more wait than before
  record Written(Destination destination, Instant at, int more) {
    void tell(Dispatches dispatches) {
      dispatches.due(destination, at.toEpochMilli(), more);
    }
  }
}
