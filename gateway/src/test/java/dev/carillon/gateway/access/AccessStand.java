package dev.carillon.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Rate;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.Credential;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.domain.account.Grants;
import dev.carillon.gateway.http.HttpConfig;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.http.RequestListener;
import dev.carillon.gateway.http.Routes;
import dev.carillon.gateway.http.WebServer;
import dev.carillon.gateway.store.AccessStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;

/// A door with one kind of everything behind it, over HTTP, and the tokens that are stored.
abstract class AccessStand {
  static final String TOKEN = "0123456789abcdef0123456789abcdef";
  static final AccessConfig CONFIG =
      new AccessConfig(
          Rate.perSecond(1, 3),
          Rate.perSecond(10, 20),
          Rate.perSecond(1, 5),
          Duration.ofSeconds(1),
          100,
          100);

  final HandClock clock = new HandClock();
  final TokenHash hash = new TokenHash("secret".getBytes(StandardCharsets.UTF_8));
  final Map<String, AccessStore.Access> stored = new ConcurrentHashMap<>();
  final AtomicInteger lookups = new AtomicInteger();
  final AtomicReference<Runnable> duringLookup = new AtomicReference<>(() -> {});
  final List<Set<Instant>> written = new CopyOnWriteArrayList<>();
  final LastUses<CredentialId> uses =
      new LastUses<>(given -> written.add(Set.copyOf(given.values())));
  final Access access =
      new Access(
          CONFIG,
          hash,
          hashed -> {
            lookups.incrementAndGet();
            var found = Optional.ofNullable(stored.get(hashed));
            duringLookup.get().run();
            return found;
          },
          clock,
          uses);
  final HttpClient client = HttpClient.newHttpClient();
  final WebServer server =
      new WebServer(
          HttpConfig.DEFAULTS.withPort(0),
          new Routes()
              .post(
                  "/suno/audios",
                  call -> {
                    var caller = access.admit(call, Optional.of("suno"), Kind.CREATE);
                    return Reply.json("{\"application\":\"" + caller.application() + "\"}");
                  })
              .get(
                  "/tasks",
                  call -> {
                    access.admit(call, Optional.empty(), Kind.QUERY);
                    return Reply.json("{}");
                  })
              .get(
                  "/all",
                  call -> {
                    access.admitToAll(call, Kind.QUERY);
                    return Reply.json("{}");
                  })
              .delete(
                  "/tasks",
                  call -> {
                    access.admit(call, Optional.empty(), Kind.QUERY);
                    return Reply.json("{}");
                  }),
          new Ids(clock, RandomGenerator.getDefault()),
          _ -> Optional.empty(),
          RequestListener.NONE);
  final int port = server.start();

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  void grant(Grants grants) {
    stored.replaceAll((_, found) -> {
      var old = found.credential();
      var granted =
          new Credential(
              old.id(),
              old.application(),
              old.name(),
              old.tokenHash(),
              old.tokenPrefix(),
              old.expiresAt(),
              old.revoked(),
              old.createdAt(),
              grants,
              old.limit());
      return new AccessStore.Access(granted, found.application());
    });
  }

  ApplicationId store(
      String token, Optional<Instant> expiresAt, Optional<String> service, boolean disabled) {
    var application =
        new Application(
            new ApplicationId(UUID.randomUUID()),
            new AccountId(UUID.randomUUID()),
            "a",
            service,
            Money.ZERO,
            true,
            disabled,
            clock.instant());
    var credential =
        new Credential(
            new CredentialId(UUID.randomUUID()),
            application.id(),
            "c",
            hash.of(token),
            token.substring(0, 4),
            expiresAt,
            false,
            clock.instant());
    stored.put(hash.of(token), new AccessStore.Access(credential, application));
    return application.id();
  }

  static Credential revoked(Credential from) {
    return new Credential(
        from.id(),
        from.application(),
        from.name(),
        from.tokenHash(),
        from.tokenPrefix(),
        from.expiresAt(),
        true,
        from.createdAt());
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  HttpResponse<String> create(String authorization) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(uri("/v1/suno/audios"))
            .header("authorization", authorization)
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> query() throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(uri("/tasks")).header("Authorization", "Bearer " + TOKEN).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  static void assertProblem(HttpResponse<String> answer, int status, String code, String message) {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body())
        .contains("\"code\":\"" + code + "\"")
        .contains(message)
        .contains("\"trace_id\":\"")
        .doesNotContain(TOKEN);
  }
}
