package dev.carillon.gateway.store.postgres.callback;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.Destination;
import dev.carillon.gateway.domain.callback.EndpointId;
import dev.carillon.gateway.domain.callback.SigningSecret;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import dev.carillon.gateway.domain.callback.WebhookEndpoint.Health;
import dev.carillon.gateway.domain.callback.WebhookEndpoint.Standing;
import dev.carillon.gateway.store.EndpointStore;
import dev.carillon.gateway.store.postgres.Ground;
import dev.carillon.gateway.store.postgres.batch.Act;
import dev.carillon.gateway.store.postgres.batch.Batch;
import dev.carillon.gateway.store.postgres.batch.EndpointRows;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// The verbs of registered endpoints and of signing secrets. All that changes an application's
/// endpoints holds its head, as whoever writes events does.
public final class PostgresEndpoints implements EndpointStore {
  private final Ground ground;
  private final CallbackCare care;
  private final Dropping dropping;
  private final Secrets secrets;
  private final Runnable told;

  /// @param told tells the other nodes that endpoints or secrets changed
  public PostgresEndpoints(Ground ground, CallbackCare care, Secrets secrets, Runnable told) {
    this.ground = ground;
    this.care = care;
    this.dropping = new Dropping(ground);
    this.secrets = secrets;
    this.told = told;
  }

  @Override
  public boolean createEndpoint(WebhookEndpoint endpoint, SigningSecret secret, int most) {
    ApplicationId application = endpoint.application();
    return ground
        .writer()
        .run(
            new Act<>(
                needs -> needs.head(application),
                batch -> {
                  boolean room = EndpointRows.of(batch.session(), application).size() < most;
                  if (room) {
                    EndpointRows.insert(batch.session(), endpoint);
                    SecretRows.insert(batch.session(), endpoint.id().value(), secret);
                  }
                  return room;
                },
                _ -> {}));
  }

  @Override
  public Optional<WebhookEndpoint> endpoint(EndpointId id, ApplicationId application) {
    return ground.database().read(session -> EndpointRows.find(session, id, application));
  }

  @Override
  public List<WebhookEndpoint> endpoints(ApplicationId application) {
    return ground.database().read(session -> EndpointRows.of(session, application));
  }

  @Override
  public Optional<WebhookEndpoint> changeEndpoint(
      EndpointId id,
      ApplicationId application,
      Instant now,
      UnaryOperator<WebhookEndpoint> change) {
    Changed changed =
        ground
            .writer()
            .run(
                new Act<>(
                    needs -> needs.head(application),
                    batch -> change(batch, id, application, now, change),
                    this::changed));
    if (changed.isTurned || changed.isMoved) {
      told.run();
    }
    return changed.now;
  }

  private void changed(Changed changed) {
    changed.now.ifPresent(endpoint -> {
      if (changed.isTurned) {
        care.switched(endpoint.destination(), endpoint.standing() != Standing.ACTIVE);
      }
      if (changed.isMoved) {
        care.moved(endpoint.destination());
      }
    });
  }

  private static Changed change(
      Batch batch,
      EndpointId id,
      ApplicationId application,
      Instant now,
      UnaryOperator<WebhookEndpoint> change)
      throws SQLException {
    Optional<WebhookEndpoint> before = EndpointRows.lock(batch.session(), id, application);
    if (before.isEmpty()) {
      return new Changed(before, false, false);
    }
    WebhookEndpoint after = change.apply(before.get());
    boolean active = after.standing() == Standing.ACTIVE;
    boolean turned = active != (before.get().standing() == Standing.ACTIVE);
    if (turned && active) {
      after = after.with(new Health(Optional.empty(), 0, after.health().succeededAt()));
    }
    EndpointRows.update(batch.session(), after);
    if (turned) {
      EventType type = active ? EventType.ENDPOINT_ENABLED : EventType.ENDPOINT_DISABLED;
      EndpointEvents.insert(batch, after, type, now);
    }
    return new Changed(Optional.of(after), turned, !after.isSentAs(before.get()));
  }

  /// @param now as it is now; empty for an unknown one
  /// @param isTurned whether it was switched off or on
  /// @param isMoved whether callbacks go elsewhere, or with something else
  private record Changed(Optional<WebhookEndpoint> now, boolean isTurned, boolean isMoved) {}

  @Override
  public boolean deleteEndpoint(EndpointId id, ApplicationId application) {
    Optional<Destination> deleted =
        ground
            .writer()
            .run(
                new Act<>(
                    needs -> needs.head(application),
                    batch -> delete(batch, id, application),
                    gone -> gone.ifPresent(destination -> care.switched(destination, true))));
    secrets.forget(id.value());
    deleted.ifPresent(dropping::drop);
    deleted.ifPresent(_ -> told.run());
    return deleted.isPresent();
  }

  private static Optional<Destination> delete(Batch batch, EndpointId id, ApplicationId application)
      throws SQLException {
    Optional<WebhookEndpoint> found = EndpointRows.lock(batch.session(), id, application);
    if (found.isPresent()) {
      EndpointRows.delete(batch.session(), found.get());
      SecretRows.delete(batch.session(), id.value());
    }
    return found.map(WebhookEndpoint::destination);
  }

  @Override
  public List<SigningSecret> secrets(
      SigningSecret.Owner owner, Instant now, Supplier<List<SigningSecret>> initial) {
    return secrets.of(owner, initial).stream()
        .filter(secret -> secret.expiresAt().filter(end -> !end.isAfter(now)).isEmpty())
        .toList();
  }

  @Override
  public int rewriteSecrets(String prefix, int max, Rewriting rewriting) {
    int rewritten = secrets.rewrite(prefix, max, rewriting);
    if (rewritten > 0) {
      told.run();
    }
    return rewritten;
  }

  @Override
  public void rotate(SigningSecret.Owner owner, SigningSecret fresh, Instant overlapEnds) {
    secrets.rotate(owner, fresh, overlapEnds);
    told.run();
  }
}
