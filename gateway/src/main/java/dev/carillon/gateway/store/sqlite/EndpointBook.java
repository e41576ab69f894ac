package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.EndpointId;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The registered endpoints of applications, remembered, as every event asks for them.
///
/// Only the writer fills and changes it, from what its own transaction sees; a rollback empties it.
/// Others find here what is remembered and read the file for the rest.
final class EndpointBook {
  private static final int MOST_APPLICATIONS = 20_000;

  private final ConcurrentHashMap<ApplicationId, List<WebhookEndpoint>> known =
      new ConcurrentHashMap<>();

  /// All endpoints of an application, oldest first. On the writer thread only.
  List<WebhookEndpoint> of(Session writing, ApplicationId application) throws SQLException {
    List<WebhookEndpoint> remembered = known.get(application);
    if (remembered != null) {
      return remembered;
    }
    if (known.size() >= MOST_APPLICATIONS) {
      known.clear();
    }
    List<WebhookEndpoint> read = EndpointRows.of(writing, application);
    known.put(application, read);
    return read;
  }

  /// One endpoint, on any thread.
  Optional<WebhookEndpoint> find(Session session, EndpointId id, ApplicationId application)
      throws SQLException {
    List<WebhookEndpoint> remembered = known.get(application);
    return remembered == null
        ? EndpointRows.byId(session, id)
            .filter(endpoint -> endpoint.application().equals(application))
        : remembered.stream().filter(endpoint -> endpoint.id().equals(id)).findFirst();
  }

  /// An application's endpoints were changed by the writer's transaction.
  void changed(ApplicationId application) {
    known.remove(application);
  }

  /// Forgets all, as what it read may have been rolled back.
  void forget() {
    known.clear();
  }
}
