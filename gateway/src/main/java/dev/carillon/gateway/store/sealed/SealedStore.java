package dev.carillon.gateway.store.sealed;

import dev.carillon.gateway.store.AccessStore;
import dev.carillon.gateway.store.Bell;
import dev.carillon.gateway.store.DeliveryStore;
import dev.carillon.gateway.store.DirectoryStore;
import dev.carillon.gateway.store.EndpointStore;
import dev.carillon.gateway.store.FeedStore;
import dev.carillon.gateway.store.LimitStore;
import dev.carillon.gateway.store.RecoveryStore;
import dev.carillon.gateway.store.Store;
import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.gateway.store.TaskStore;
import dev.carillon.gateway.store.UsageStore;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;

/// A store whose signing secrets are sealed.
public final class SealedStore implements Store {
  /// Under which the database keeps the name of the key that its secrets are sealed with.
  private static final String KEY_NAME = "secrets-key-name";

  /// Stands there while they are not sealed.
  private static final String NONE = "none";

  private static final int PAGE = 200;

  private final Store inner;
  private final SealedEndpoints endpoints;

  private SealedStore(Store inner, SealedEndpoints endpoints) {
    this.inner = inner;
    this.endpoints = endpoints;
  }

  /// A store over another, whose secrets are sealed with the current key from now on.
  ///
  /// @param seal empty where there is no key: then they stay as they are, and what somebody else
  ///   seals is not read
  /// @param advice what to do when a key is not given
  /// @throws StoreUnavailableException when they are sealed with a key that is not given
  public static Store over(Store inner, Optional<Seal> seal, String advice) {
    String known = known(inner, seal.map(with -> with.current().name()).orElse(NONE));
    if (!known.equals(NONE) && seal.flatMap(with -> with.key(known)).isEmpty()) {
      throw unknown(known, advice);
    }
    seal.ifPresent(with -> sealAll(inner, with, known, advice));
    return new SealedStore(inner, new SealedEndpoints(inner.endpoints(), seal));
  }

  private static void sealAll(Store inner, Seal seal, String known, String advice) {
    String current = seal.current().name();
    // A row of a key that is not here stays as it is until the transaction has ended, as what is
    // thrown in one is told as a failed write.
    var missing = new ConcurrentLinkedQueue<String>();
    EndpointStore.Rewriting rewriting =
        (owner, text) -> {
          if (Seal.isSealed(text) && seal.key(Seal.keyName(text)).isEmpty()) {
            missing.add(Seal.keyName(text));
            return text;
          }
          return seal.seal(owner, seal.open(owner, text));
        };
    // First the rows and then the name: whoever dies in between does both again.
    int page;
    do {
      page = inner.endpoints().rewriteSecrets(seal.prefix(), PAGE, rewriting);
      if (!missing.isEmpty()) {
        throw unknown(missing.element(), advice);
      }
    } while (page == PAGE);
    if (!known.equals(current)) {
      var _ = inner.access().changeSecret(KEY_NAME, bytes(known), bytes(current));
    }
  }

  private static String known(Store inner, String otherwise) {
    return new String(
        inner.access().secret(KEY_NAME, () -> bytes(otherwise)), StandardCharsets.US_ASCII);
  }

  private static byte[] bytes(String name) {
    return name.getBytes(StandardCharsets.US_ASCII);
  }

  private static StoreUnavailableException unknown(String name, String advice) {
    return new StoreUnavailableException(
        "secrets of this database are sealed with the key %s, which is not here: %s"
            .formatted(name, advice));
  }

  @Override
  public EndpointStore endpoints() {
    return endpoints;
  }

  @Override
  public TaskStore tasks() {
    return inner.tasks();
  }

  @Override
  public DeliveryStore deliveries() {
    return inner.deliveries();
  }

  @Override
  public RecoveryStore recoveries() {
    return inner.recoveries();
  }

  @Override
  public FeedStore feed() {
    return inner.feed();
  }

  @Override
  public AccessStore access() {
    return inner.access();
  }

  @Override
  public DirectoryStore directory() {
    return inner.directory();
  }

  @Override
  public UsageStore usage() {
    return inner.usage();
  }

  @Override
  public LimitStore limits() {
    return inner.limits();
  }

  @Override
  public Bell bell() {
    return inner.bell();
  }

  @Override
  public boolean ready() {
    return inner.ready() && endpoints.isReadable();
  }

  @Override
  public void close() {
    inner.close();
  }
}
