package dev.carillon.gateway.store;

import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.EndpointId;
import dev.carillon.gateway.domain.callback.Recovery;
import dev.carillon.gateway.domain.callback.RecoveryId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The verbs of sending an endpoint everything it should have heard of since a time and did not:
/// deliveries that are not delivered become due now, events that had none get one. Progress is not
/// sent again.
///
/// It may be millions, so it is work of its own, done page by page, each page one transaction that
/// also tells how far it has got. Whoever dies in between, somebody goes on from there.
public interface RecoveryStore {

  /// Notes the work; [#goOn] does it.
  ///
  /// @param most how many an application may have under way
  /// @return empty for an unknown or foreign endpoint, and where as many are under way; nothing was
  ///   written then
  Optional<Recovery> begin(Wanted wanted, int most);

  /// What is to be sent again.
  record Wanted(RecoveryId id, EndpointId endpoint, ApplicationId application, Instant since) {}

  /// Does a page of the work. What somebody else did meanwhile is not done twice.
  ///
  /// @param hold for how long nobody else takes it up, unless it has ended
  /// @return how far it is now; ended as well where it is not there any more
  Recovery goOn(Recovery before, Duration hold);

  /// Leaves open work alone for a while.
  void putOff(Recovery recovery, Duration pause);

  /// The work with this id.
  Optional<Recovery> recovery(RecoveryId id, ApplicationId application);

  /// Work that nobody holds, the longest waiting first.
  List<Recovery> due(int max);

  /// How many an endpoint has missed, looked at no more events than this.
  ///
  /// @return empty for an unknown or foreign endpoint
  Optional<Missed> missed(EndpointId id, ApplicationId application, Instant since, int events);

  /// How many were missed.
  ///
  /// @param all whether that are all; otherwise there may be more
  record Missed(int count, boolean all) {}

  /// Forgets work that ended before a time.
  ///
  /// @return how many, at most `max`
  int forget(Instant endedBefore, int max);
}
