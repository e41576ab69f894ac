package dev.carillon.gateway.manage;

import dev.carillon.gateway.access.Access;
import dev.carillon.gateway.access.AccessConfig;
import dev.carillon.gateway.access.AdminAccess;
import dev.carillon.gateway.access.LastUses;
import dev.carillon.gateway.access.PlatformAccess;
import dev.carillon.gateway.access.TokenHash;
import dev.carillon.gateway.access.TokenMaker;
import dev.carillon.gateway.catalog.Catalog;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.domain.account.Owner;
import dev.carillon.gateway.http.LocalDoor;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.http.Routes;
import dev.carillon.gateway.store.Store;
import dev.carillon.gateway.store.TaskStore.Accepted;
import dev.carillon.gateway.store.sqlite.SqliteConfig;
import dev.carillon.gateway.store.sqlite.SqliteStore;
import dev.carillon.testkit.HandClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The managing routes over a real store and the real catalog, asked without a network.
final class House implements AutoCloseable {
  static final Instant START = Instant.parse("2026-11-23T12:00:00Z");
  static final String ADMIN = "the-admin-token-of-tests";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  final HandClock clock = new HandClock(START);
  private final Ids ids = new Ids(clock, new Random(1));
  private final TokenHash hash = new TokenHash("secret".getBytes(StandardCharsets.UTF_8));
  final Store store;
  final Directory directory;
  final Access access;
  private final LocalDoor door;

  House(Path folder) {
    store = SqliteStore.open(folder.resolve("c.db"), SqliteConfig.defaults(), clock, ids);
    var config = AccessConfig.DEFAULTS;
    access = new Access(config, hash, store.access()::findByTokenHash, clock);
    var platform =
        new PlatformAccess(
            config, hash, store.directory()::findPlatformToken, clock, new LastUses<>(_ -> {}));
    directory =
        new Directory(
            store,
            new TokenMaker(hash, new Random(2)),
            ids,
            clock,
            () -> {
              access.forget();
              platform.forget();
            });
    var catalog = Catalog.load(Optional.empty());
    var routes = new Routes();
    new PlatformRoutes(directory, platform, catalog).addTo(routes);
    new AdminRoutes(directory, new AdminAccess(config, hash, ADMIN, clock), catalog).addTo(routes);
    new UsageRoutes(access, store.usage(), clock).addTo(routes);
    door = new LocalDoor(routes, ids);
  }

  /// An answer as the network would carry it.
  record Answer(int status, JsonNode json, String text) {
    String at(String pointer) {
      return json.at(pointer).asString(json.at(pointer).toString());
    }

    String code() {
      return json.at("/error/code").asString("");
    }
  }

  Answer ask(String token, String method, String target, String body) {
    return ask(token, method, target, body, "application/json");
  }

  Answer ask(String token, String method, String target, String body, String accept) {
    var headers = Map.of("Authorization", "Bearer " + token, "Accept", accept);
    try {
      var reply =
          door.answer(
              new LocalDoor.Request(
                  method, target, headers, body.getBytes(StandardCharsets.UTF_8)));
      return switch (reply) {
        case Reply.Json json ->
            new Answer(json.status(), JSON.readTree(json.body()), text(json.body()));
        case Reply.Content content ->
            new Answer(content.status(), JSON.createObjectNode(), text(content.body()));
        default -> throw new AssertionError(reply);
      };
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  Answer admin(String method, String target, String body) {
    return ask(ADMIN, method, "/admin/v1" + target, body);
  }

  /// An account with this general balance.
  AccountId account(String credit) {
    return directory.createAccount("acme", Money.ofCredits(credit)).id();
  }

  String platformToken(AccountId account) {
    return directory.createPlatformToken(account, "n", Optional.empty()).token();
  }

  /// Accepts a task, as the walk would.
  Accepted accept(ApplicationId application, CredentialId credential, String price) {
    var id = new TaskId(ids.next());
    var owner = directory.application(application);
    return store
        .tasks()
        .accept(
            new Order(
                id,
                new Owner(owner.account(), application, credential),
                "suno",
                "/suno/audios",
                "audios",
                id.toString(),
                clock.instant(),
                "{}",
                Optional.empty(),
                Money.ofCredits(price),
                clock.instant().plusSeconds(600)));
  }

  /// Ends the task that was accepted first.
  void end(TaskState end) {
    try {
      var claim = store.tasks().claim(1, Duration.ZERO).getFirst();
      store.tasks().settle(claim, end);
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }

  @Override
  public void close() {
    store.close();
  }
}
