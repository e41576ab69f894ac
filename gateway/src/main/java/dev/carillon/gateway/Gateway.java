package dev.carillon.gateway;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.config.Settings;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.http.Problem;
import dev.carillon.gateway.store.StoreUnavailableException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// The whole gateway, wired by hand: opened it holds its data folder, started it serves.
///
/// It closes in the reverse order of its start: no new requests, requests under way end, no new
/// work, work is given back, callbacks under way end, the store closes.
public final class Gateway implements AutoCloseable {
  private static final Duration STORE_PAUSE = Duration.ofSeconds(1);

  private final Rooms rooms;

  private Gateway(Rooms rooms) {
    this.rooms = rooms;
  }

  /// Opens the data folder and builds every room.
  ///
  /// @param clock the time everywhere
  /// @param secrets for secrets and jitter; cryptographically strong, safe for many threads
  /// @param random for ids; quick, safe for many threads
  /// @throws dev.carillon.gateway.catalog.CatalogException for mistakes in service files
  public static Gateway open(
      Settings settings, InstantSource clock, RandomGenerator secrets, RandomGenerator random) {
    return open(settings, Map.of(), clock, secrets, random);
  }

  /// Opens it with the keys of providers that stand in an environment.
  ///
  /// @param environment variables such as `REPLICATE_API_TOKEN`
  /// @throws dev.carillon.gateway.catalog.CatalogException for mistakes in service files
  /// @throws dev.carillon.gateway.upstream.DefinitionException for mistakes in provider files
  public static Gateway open(
      Settings settings,
      Map<String, String> environment,
      InstantSource clock,
      RandomGenerator secrets,
      RandomGenerator random) {
    Ids ids = new Ids(clock, random);
    return new Gateway(new Rooms(new RoomConfigs(settings, environment), clock, secrets, ids));
  }

  /// Begins to work and to listen. Twice is harmless.
  ///
  /// @return the port
  public int start() {
    return rooms.start();
  }

  /// The token of the application made on the very first start; empty on every later one. It is
  /// stored nowhere, so it is shown now or never.
  public Optional<String> firstToken() {
    return rooms.firstToken();
  }

  @Override
  public void close() {
    rooms.close();
  }

  /// What a broken store means to a caller: nothing was lost that was promised, try again.
  static Optional<Problem> translate(Throwable failure) {
    return failure instanceof StoreUnavailableException
        ? Optional.of(Problem.of(ErrorCode.UNAVAILABLE).retryAfter(STORE_PAUSE))
        : Optional.empty();
  }
}
