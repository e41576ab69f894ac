package dev.carillon.gateway.store.postgres.callback;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.carillon.gateway.domain.callback.SigningSecret;
import dev.carillon.gateway.store.EndpointStore.Rewriting;
import dev.carillon.gateway.store.postgres.Ground;
import dev.carillon.gateway.store.postgres.batch.Act;
import dev.carillon.gateway.store.postgres.batch.Batch;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/// The secrets callbacks are signed with, remembered for a second by owner, as every callback asks
/// for them. Safe for many threads.
public final class Secrets {
  private static final int MOST_OWNERS = 20_000;
  private static final Duration REMEMBERED = Duration.ofSeconds(1);

  /// Of several nodes that make an owner's first secrets at once, one does; of several that rotate
  /// them, each sees what the one before left.
  private static final String ALONE = "SELECT pg_advisory_xact_lock(?)";

  private final Ground ground;
  private final Cache<UUID, List<SigningSecret>> known =
      Caffeine.newBuilder().maximumSize(MOST_OWNERS).expireAfterWrite(REMEMBERED).build();

  public Secrets(Ground ground) {
    this.ground = ground;
  }

  /// The newest first, expired ones too; made when there are none.
  List<SigningSecret> of(SigningSecret.Owner owner, Supplier<List<SigningSecret>> initial) {
    List<SigningSecret> remembered = known.getIfPresent(owner.value());
    if (remembered != null) {
      return remembered;
    }
    List<SigningSecret> found =
        ground.database().read(session -> SecretRows.of(session, owner.value()));
    if (isMade(found)) {
      known.put(owner.value(), found);
      return found;
    }
    return ground
        .writer()
        .run(
            new Act<>(
                _ -> {},
                batch -> make(batch, owner, initial),
                made -> known.put(owner.value(), made)));
  }

  private static List<SigningSecret> make(
      Batch batch, SigningSecret.Owner owner, Supplier<List<SigningSecret>> initial)
      throws SQLException {
    alone(batch, owner);
    List<SigningSecret> present = SecretRows.of(batch.session(), owner.value());
    if (!isMade(present)) {
      for (SigningSecret made : initial.get()) {
        SecretRows.insert(batch.session(), owner.value(), made);
      }
      present = SecretRows.of(batch.session(), owner.value());
    }
    return present;
  }

  private static boolean isMade(List<SigningSecret> secrets) {
    return secrets.stream().anyMatch(secret -> secret.kind() == SigningSecret.Kind.HMAC);
  }

  int rewrite(String prefix, int max, Rewriting rewriting) {
    return ground
        .writer()
        .run(
            new Act<>(
                _ -> {},
                batch -> SecretRows.rewrite(batch.session(), prefix, max, rewriting),
                known::invalidateAll))
        .size();
  }

  void rotate(SigningSecret.Owner owner, SigningSecret fresh, Instant overlapEnds) {
    var _ =
        ground
            .writer()
            .run(
                new Act<>(
                    _ -> {},
                    batch -> {
                      alone(batch, owner);
                      SecretRows.rotate(batch.session(), owner.value(), fresh, overlapEnds);
                      return SecretRows.of(batch.session(), owner.value());
                    },
                    now -> known.put(owner.value(), now)));
  }

  private static void alone(Batch batch, SigningSecret.Owner owner) throws SQLException {
    var _ = batch.sql(ALONE).put(owner.value().getLeastSignificantBits()).one(_ -> true);
  }

  void forget(UUID owner) {
    known.invalidate(owner);
  }

  /// Reads all anew, as another node changed some.
  public void forgetAll() {
    known.invalidateAll();
  }
}
