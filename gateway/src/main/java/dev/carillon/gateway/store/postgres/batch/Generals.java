package dev.carillon.gateway.store.postgres.batch;

import dev.carillon.gateway.domain.account.ApplicationId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The applications that drew on their account's general balance of late. They will again, most
/// likely, so that the account is locked with all else rather than once it is known to be needed.
final class Generals {
  /// In how many batches an application may not draw before it is forgotten. To lock an account in
  /// vain costs little, and to find out late that it is needed a batch that is run again.
  private static final int FORGOTTEN_AFTER = 20;

  /// More are forgotten, all at once: they are learned again as they come.
  private static final int MOST = 100_000;

  private final Map<ApplicationId, Integer> sinceDrawn = new ConcurrentHashMap<>();

  boolean isLikely(ApplicationId application) {
    return sinceDrawn.containsKey(application);
  }

  /// Notes whether an application drew in a batch that might have had it do so.
  void learn(ApplicationId application, boolean drew) {
    if (!drew) {
      sinceDrawn.computeIfPresent(
          application, (_, batches) -> batches + 1 >= FORGOTTEN_AFTER ? null : batches + 1);
    } else if (sinceDrawn.put(application, 0) == null && sinceDrawn.size() > MOST) {
      sinceDrawn.clear();
    }
  }
}
