package dev.carillon.gateway.store.sqlite;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.Destination;
import dev.carillon.gateway.domain.callback.EndpointId;
import dev.carillon.gateway.domain.callback.SigningSecret;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import dev.carillon.gateway.domain.callback.WebhookEndpoint.Health;
import dev.carillon.gateway.domain.callback.WebhookEndpoint.Standing;
import dev.carillon.gateway.store.EndpointStore;
import dev.carillon.gateway.store.StoreUnavailableException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The verbs of registered endpoints and of signing secrets.
///
/// Secrets are remembered by owner. Only the writer thread puts them in memory, so an old reading
/// cannot take the place of a newer one.
final class SqliteEndpoints implements EndpointStore {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteEndpoints.class);
  private static final int MOST_OWNERS = 20_000;

  private final Memory memory;
  private final Writer writer;
  private final Readers readers;
  private final EndpointBook book;
  private final Dropping dropping;
  private final Cache<UUID, List<SigningSecret>> secrets =
      Caffeine.newBuilder().maximumSize(MOST_OWNERS).build();

  SqliteEndpoints(Memory memory, Writer writer, Readers readers, EndpointBook book) {
    this.memory = memory;
    this.writer = writer;
    this.readers = readers;
    this.book = book;
    this.dropping = new Dropping(memory, writer);
  }

  @Override
  public boolean createEndpoint(WebhookEndpoint endpoint, SigningSecret secret, int most) {
    return writer.run(
        new Verb<Boolean>() {
          @Override
          Boolean run(Transaction transaction) throws SQLException {
            Session session = transaction.session();
            if (book.of(session, endpoint.application()).size() >= most) {
              return false;
            }
            EndpointRows.insert(session, endpoint);
            SecretRows.insert(session, endpoint.id().value(), secret);
            book.changed(endpoint.application());
            return true;
          }
        });
  }

  @Override
  public Optional<WebhookEndpoint> endpoint(EndpointId id, ApplicationId application) {
    return readers.shortly(session -> book.find(session, id, application));
  }

  @Override
  public List<WebhookEndpoint> endpoints(ApplicationId application) {
    return readers.shortly(session -> EndpointRows.of(session, application));
  }

  @Override
  public Optional<WebhookEndpoint> changeEndpoint(
      EndpointId id,
      ApplicationId application,
      Instant now,
      UnaryOperator<WebhookEndpoint> change) {
    return writer.run(new Change(id, application, now, change));
  }

  /// Changes an endpoint; whether it is sent anything follows after the commit.
  private final class Change extends Verb<Optional<WebhookEndpoint>> {
    private final EndpointId id;
    private final ApplicationId application;
    private final Instant now;
    private final UnaryOperator<WebhookEndpoint> change;
    private boolean turned;
    private boolean moved;

    private Change(
        EndpointId id,
        ApplicationId application,
        Instant now,
        UnaryOperator<WebhookEndpoint> change) {
      this.id = id;
      this.application = application;
      this.now = now;
      this.change = change;
    }

    @Override
    Optional<WebhookEndpoint> run(Transaction transaction) throws SQLException {
      turned = false;
      moved = false;
      Session session = transaction.session();
      Optional<WebhookEndpoint> before =
          book.of(session, application).stream().filter(one -> one.id().equals(id)).findFirst();
      if (before.isEmpty()) {
        return before;
      }
      WebhookEndpoint after = change.apply(before.get());
      boolean active = after.standing() == Standing.ACTIVE;
      turned = active != (before.get().standing() == Standing.ACTIVE);
      if (turned && active) {
        after = after.with(new Health(Optional.empty(), 0, after.health().succeededAt()));
      }
      moved = !after.isSentAs(before.get());
      EndpointRows.update(session, after);
      book.changed(application);
      if (turned) {
        EventType type = active ? EventType.ENDPOINT_ENABLED : EventType.ENDPOINT_DISABLED;
        EndpointEvents.insert(transaction, after, type, now);
      }
      return Optional.of(after);
    }

    @Override
    void committed(Optional<WebhookEndpoint> result) {
      if (turned && result.isPresent()) {
        boolean closed = result.get().standing() != Standing.ACTIVE;
        memory.dispatches().closed(result.get().destination(), closed);
        memory.bell().ringFeed(application);
      }
      if (moved && result.isPresent()) {
        memory.dispatches().moved(result.get().destination());
      }
    }
  }

  @Override
  public boolean deleteEndpoint(EndpointId id, ApplicationId application) {
    Optional<Destination> deleted =
        writer.run(
            new Verb<Optional<Destination>>() {
              @Override
              Optional<Destination> run(Transaction transaction) throws SQLException {
                Session session = transaction.session();
                Optional<WebhookEndpoint> found =
                    book.of(session, application).stream()
                        .filter(one -> one.id().equals(id))
                        .findFirst();
                if (found.isPresent()) {
                  EndpointRows.delete(session, id);
                  SecretRows.delete(session, id.value());
                  book.changed(application);
                }
                return found.map(WebhookEndpoint::destination);
              }

              @Override
              void committed(Optional<Destination> result) {
                result.ifPresent(destination -> memory.dispatches().closed(destination, true));
                secrets.invalidate(id.value());
              }
            });
    deleted.ifPresent(dropping::drop);
    return deleted.isPresent();
  }

  /// Ends what a process left that died while it deleted endpoints.
  void dropDeleted(List<Destination> deleted) {
    if (!deleted.isEmpty()) {
      Thread.ofVirtual().name("endpoint-dropping").start(() -> drop(deleted));
    }
  }

  private void drop(List<Destination> deleted) {
    try {
      deleted.forEach(dropping::drop);
    } catch (StoreUnavailableException later) {
      LOG.warn("deleted endpoints are dropped at the next start", later);
    }
  }

  @Override
  public List<SigningSecret> secrets(
      SigningSecret.Owner owner, Instant now, Supplier<List<SigningSecret>> initial) {
    List<SigningSecret> known = secrets.getIfPresent(owner.value());
    if (known == null) {
      known = writer.run(new LoadSecrets(owner, initial));
    }
    return known.stream()
        .filter(secret -> secret.expiresAt().filter(end -> !end.isAfter(now)).isEmpty())
        .toList();
  }

  /// Reads an owner's secrets, and makes them when there are none.
  private final class LoadSecrets extends Verb<List<SigningSecret>> {
    private final SigningSecret.Owner owner;
    private final Supplier<List<SigningSecret>> initial;

    private LoadSecrets(SigningSecret.Owner owner, Supplier<List<SigningSecret>> initial) {
      this.owner = owner;
      this.initial = initial;
    }

    @Override
    List<SigningSecret> run(Transaction transaction) throws SQLException {
      Session session = transaction.session();
      List<SigningSecret> present = SecretRows.of(session, owner.value());
      if (present.stream().noneMatch(secret -> secret.kind() == SigningSecret.Kind.HMAC)) {
        for (SigningSecret made : initial.get()) {
          SecretRows.insert(session, owner.value(), made);
        }
        present = SecretRows.of(session, owner.value());
      }
      return present;
    }

    @Override
    void committed(List<SigningSecret> result) {
      secrets.put(owner.value(), result);
    }
  }

  @Override
  public int rewriteSecrets(String prefix, int max, Rewriting rewriting) {
    return writer
        .run(
            new Act<>(
                transaction -> SecretRows.rewrite(transaction.session(), prefix, max, rewriting),
                secrets::invalidateAll))
        .size();
  }

  @Override
  public void rotate(SigningSecret.Owner owner, SigningSecret fresh, Instant overlapEnds) {
    var _ =
        writer.run(
            new Verb<List<SigningSecret>>() {
              @Override
              List<SigningSecret> run(Transaction transaction) throws SQLException {
                SecretRows.rotate(transaction.session(), owner.value(), fresh, overlapEnds);
                return SecretRows.of(transaction.session(), owner.value());
              }

              @Override
              void committed(List<SigningSecret> result) {
                secrets.put(owner.value(), result);
              }
            });
  }
}
