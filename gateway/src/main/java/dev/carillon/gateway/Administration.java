package dev.carillon.gateway;

import dev.carillon.gateway.access.AdminAccess;
import dev.carillon.gateway.access.TokenHash;
import dev.carillon.gateway.access.TokenMaker;
import dev.carillon.gateway.catalog.Catalog;
import dev.carillon.gateway.config.Settings;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.http.LocalDoor;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.http.Routes;
import dev.carillon.gateway.manage.AdminRoutes;
import dev.carillon.gateway.manage.Directory;
import dev.carillon.gateway.store.Store;
import dev.carillon.gateway.store.sqlite.SqliteStore;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// The admin API of a gateway that does not run: the same routes over the same file, without a
/// server, workers or callbacks. While it is open it holds the data folder.
public final class Administration implements AutoCloseable {
  private static final int TOKEN_BYTES = 16;

  private final Store store;
  private final LocalDoor door;
  private final String token;

  private Administration(Store store, LocalDoor door, String token) {
    this.store = store;
    this.door = door;
    this.token = token;
  }

  /// Where a data folder's admin API is to be had.
  public sealed interface Place {
    /// At the process that holds the folder.
    ///
    /// @param token the admin token
    record Running(String url, String token) implements Place {}

    /// A process holds the folder but does not say where it listens, or its token is not known.
    record Unreachable(String why) implements Place {}

    /// Nobody holds the folder: [#open] it.
    record Stopped() implements Place {}

    /// There is no database in the folder.
    record Nothing(String folder) implements Place {}
  }

  /// Looks at a data folder. Nothing is sent and nothing changed.
  public static Place place(Settings settings) {
    var configs = new RoomConfigs(settings);
    if (configs.postgres().isPresent()) {
      return new Place.Stopped(); // it takes any number of processes at once
    }
    if (!Files.exists(configs.database())) {
      return new Place.Nothing(configs.data().toString());
    }
    if (!SqliteStore.isOpen(configs.database())) {
      return new Place.Stopped();
    }
    var files = new AdminFiles(configs.data());
    Optional<String> url = files.url();
    Optional<String> token = files.knownToken(settings);
    if (url.isEmpty()) {
      return new Place.Unreachable("it is starting or ending; try again in a moment");
    }
    return token.isPresent()
        ? new Place.Running(url.get(), token.get())
        : new Place.Unreachable("set CARILLON_ADMIN_TOKEN to its admin token");
  }

  /// Opens the data folder of a gateway that does not run.
  ///
  /// @throws dev.carillon.gateway.store.StoreUnavailableException when a process holds it
  public static Administration open(
      Settings settings, InstantSource clock, RandomGenerator secrets, RandomGenerator random) {
    var configs = new RoomConfigs(settings);
    var ids = new Ids(clock, random);
    Catalog catalog = Catalog.load(Optional.of(configs.catalogFolder()));
    Store store = Stores.open(configs, clock, ids);
    var hash =
        new TokenHash(
            store
                .access()
                .secret(TokenHash.SECRET_NAME, () -> bytes(secrets, TokenHash.SECRET_BYTES)));
    String token = HexFormat.of().formatHex(bytes(secrets, TOKEN_BYTES));
    var directory = new Directory(store, new TokenMaker(hash, secrets), ids, clock, () -> {});
    var admin = new AdminAccess(configs.access(), hash, token, clock);
    Routes routes = new AdminRoutes(directory, admin, catalog).addTo(new Routes());
    return new Administration(store, new LocalDoor(routes, ids), token);
  }

  private static byte[] bytes(RandomGenerator random, int count) {
    var bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  /// An answer of the admin API.
  @SuppressWarnings("ArrayRecordComponent") // Handed over, not copied.
  public record Answer(int status, byte[] body) {}

  /// Answers one request of the admin API.
  ///
  /// @param target path and query
  /// @param headers besides the token
  public Answer answer(String method, String target, Map<String, String> headers, byte[] body)
      throws InterruptedException {
    var all = new HashMap<>(headers);
    all.put("Authorization", "Bearer " + token);
    Reply reply = door.answer(new LocalDoor.Request(method, target, all, body));
    return switch (reply) {
      case Reply.Json json -> new Answer(json.status(), json.body());
      case Reply.Content content -> new Answer(content.status(), content.body());
      case Reply.Empty empty -> new Answer(empty.status(), new byte[0]);
      case Reply.FilePart _, Reply.Stream _ ->
          throw new IllegalStateException("the admin API streams nothing");
    };
  }

  @Override
  public void close() {
    store.close();
  }
}
