package dev.carillon.gateway.store;

import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.FeedItem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The verbs of an application's feed: everything its endpoints could hear of, in one order.
public interface FeedStore {

  /// What stands in the feed after a place, oldest first: every event of a task but the accepting
  /// one, and what happened to endpoints. Whatever comes later stands after all that was read.
  ///
  /// @param after a position; 0 for all that is kept
  /// @param max how many at most
  List<FeedItem> feed(ApplicationId application, long after, int max);

  /// The place after which everything of this time and later stands; places before the first event
  /// that is kept count as 0.
  long feedBefore(ApplicationId application, Instant time);

  /// A place that nothing of an application stands after yet, and everything that comes later does;
  /// 0 when there is nothing.
  long feedEnd(ApplicationId application);

  /// How far a consumer has got; empty for one that never told.
  Optional<Long> acknowledged(ApplicationId application, String consumer);

  /// Stores how far a consumer has got. A smaller place than before takes it back.
  ///
  /// @param most how many consumers an application may have
  /// @return false when it has as many already; nothing was written then
  boolean acknowledge(ApplicationId application, String consumer, long position, int most);

  /// The consumers of an application and how far each has got, by name.
  List<Consumer> consumers(ApplicationId application);

  /// Forgets a consumer.
  ///
  /// @return false for an unknown one
  boolean forgetConsumer(ApplicationId application, String consumer);

  /// Forgets what happened to endpoints before a time; the events of tasks go with their tasks.
  ///
  /// @return how many, at most `max`
  int forgetEndpointEvents(Instant before, int max);

  /// A reader that tells how far it has got.
  record Consumer(String name, long position, Instant changedAt) {}
}
