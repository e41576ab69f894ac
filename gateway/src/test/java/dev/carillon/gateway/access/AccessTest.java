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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AccessTest {
  private static final String TOKEN = "0123456789abcdef0123456789abcdef";
  private static final AccessConfig CONFIG =
      new AccessConfig(
          Rate.perSecond(1, 3),
          Rate.perSecond(10, 20),
          Rate.perSecond(1, 5),
          Duration.ofSeconds(1),
          100,
          100);

  private final HandClock clock = new HandClock();
  private final TokenHash hash = new TokenHash("secret".getBytes(StandardCharsets.UTF_8));
  private final Map<String, AccessStore.Access> stored = new ConcurrentHashMap<>();
  private final AtomicInteger lookups = new AtomicInteger();
  private final AtomicReference<Runnable> duringLookup = new AtomicReference<>(() -> {});
  private final List<Set<Instant>> written = new CopyOnWriteArrayList<>();
  private final LastUses<CredentialId> uses =
      new LastUses<>(given -> written.add(Set.copyOf(given.values())));
  private final Access access =
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
  private final HttpClient client = HttpClient.newHttpClient();
  private final WebServer server =
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
  private final int port = server.start();

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer " + TOKEN, "bearer " + TOKEN, "BEARER   " + TOKEN + " "})
  void a_valid_token_is_admitted(String header) throws Exception {
    var application = store(TOKEN, Optional.empty(), Optional.empty(), false);

    var answer = create(header);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains(application.toString());
  }

  @Test
  void without_the_header_it_is_400_no_token() throws Exception {
    assertProblem(
        client.send(
            HttpRequest.newBuilder(uri("/tasks?limit=1")).build(),
            HttpResponse.BodyHandlers.ofString()),
        400,
        "no_token",
        "No token specified for the request.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"token", "access_token", "api_token", "api_key"})
  void a_token_in_the_query_string_is_refused_even_beside_a_right_one(String name)
      throws Exception {
    store(TOKEN, Optional.empty(), Optional.empty(), false);

    var answer =
        client.send(
            HttpRequest.newBuilder(uri("/tasks?limit=1&" + name + "=" + TOKEN))
                .header("Authorization", "Bearer " + TOKEN)
                .build(),
            HttpResponse.BodyHandlers.ofString());

    assertProblem(answer, 400, "bad_request", "must not stand in the query string");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Bearer",
        "Bearer ",
        "******",
        "Basic " + TOKEN,
        TOKEN,
        "Bearer platform-" + TOKEN,
        "Bearer " + TOKEN + " x",
        "Bearer 1" + TOKEN,
        "Bearer '; drop table credential; --"
      })
  void anything_else_is_401_invalid_token(String header) throws Exception {
    store(TOKEN, Optional.empty(), Optional.empty(), false);
    store("platform-" + TOKEN, Optional.empty(), Optional.empty(), false);

    assertProblem(create(header), 401, "invalid_token", "The specified token is invalid or wrong.");
  }

  @Test
  void a_token_expires_on_the_moment() throws Exception {
    store(TOKEN, Optional.of(clock.instant().plusSeconds(10)), Optional.empty(), false);

    clock.advance(Duration.ofMillis(9_999));
    assertThat(create("Bearer " + TOKEN).statusCode()).isEqualTo(200);
    clock.advance(Duration.ofMillis(1));
    assertProblem(create("Bearer " + TOKEN), 401, "token_expired", "token expired.");
  }

  @Test
  void a_token_of_another_service_is_401_token_mismatched() throws Exception {
    store(TOKEN, Optional.empty(), Optional.of("luma"), false);

    assertProblem(
        create("Bearer " + TOKEN), 401, "token_mismatched", "token and api does not match.");
    assertThat(query().statusCode()).isEqualTo(200);
  }

  @Test
  void a_token_of_some_services_fits_no_other() throws Exception {
    store(TOKEN, Optional.empty(), Optional.empty(), false);
    grant(new Grants(Set.of("luma", "veo"), Set.of(), false));
    assertProblem(create("Bearer " + TOKEN), 401, "token_mismatched", "");

    grant(new Grants(Set.of("luma", "suno"), Set.of(), false));
    access.forget();
    assertThat(create("Bearer " + TOKEN).statusCode()).isEqualTo(200);
  }

  @Test
  void a_read_only_token_reads_and_does_nothing_else() throws Exception {
    store(TOKEN, Optional.empty(), Optional.empty(), false);
    grant(new Grants(Set.of(), Set.of(), true));

    assertProblem(create("Bearer " + TOKEN), 401, "token_mismatched", "may only read");
    assertThat(query().statusCode()).isEqualTo(200);
    var delete =
        HttpRequest.newBuilder(uri("/tasks")).header("Authorization", "Bearer " + TOKEN).DELETE();
    assertProblem(
        client.send(delete.build(), HttpResponse.BodyHandlers.ofString()),
        401,
        "token_mismatched",
        "may only read");
  }

  @Test
  void a_token_of_some_services_sees_nothing_of_the_whole_application() throws Exception {
    store(TOKEN, Optional.empty(), Optional.empty(), false);
    var all = HttpRequest.newBuilder(uri("/all")).header("Authorization", "Bearer " + TOKEN);
    assertThat(client.send(all.build(), HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(200);

    grant(new Grants(Set.of("suno"), Set.of(), false));
    access.forget();
    assertProblem(
        client.send(all.build(), HttpResponse.BodyHandlers.ofString()),
        401,
        "token_mismatched",
        "whole application");
  }

  @Test
  void a_use_is_noted_about_once_a_second() throws Exception {
    store(TOKEN, Optional.empty(), Optional.empty(), false);
    query();
    query();
    query();
    clock.advance(Duration.ofMillis(1_001));
    query();
    uses.flush();
    uses.flush();

    assertThat(written).singleElement().isEqualTo(Set.of(clock.instant()));
    assertThat(lookups).hasValue(2);
  }

  @Test
  void what_was_looked_up_while_all_was_forgotten_is_not_remembered() throws Exception {
    store(TOKEN, Optional.empty(), Optional.empty(), false);
    duringLookup.set(access::forget);
    query();
    duringLookup.set(() -> {});
    stored.clear();

    assertThat(query().statusCode()).isEqualTo(401);
  }

  @Test
  void a_disabled_application_is_403_and_comes_after_mismatch() throws Exception {
    store(TOKEN, Optional.empty(), Optional.of("suno"), true);
    assertProblem(create("Bearer " + TOKEN), 403, "disabled", "has been disabled");

    store(TOKEN, Optional.empty(), Optional.of("luma"), true);
    access.forget();
    assertProblem(create("Bearer " + TOKEN), 401, "token_mismatched", "");
  }

  @Test
  void a_revoked_token_is_invalid() throws Exception {
    store(TOKEN, Optional.empty(), Optional.empty(), false);
    stored.replaceAll(
        (_, found) -> new AccessStore.Access(revoked(found.credential()), found.application()));

    assertProblem(create("Bearer " + TOKEN), 401, "invalid_token", "");
  }

  @Test
  void creations_beyond_the_burst_are_429_with_the_wait_and_reads_go_on() throws Exception {
    store(TOKEN, Optional.empty(), Optional.empty(), false);
    for (int i = 0; i < 3; i++) {
      assertThat(create("Bearer " + TOKEN).statusCode()).isEqualTo(200);
    }

    var refused = create("Bearer " + TOKEN);

    assertProblem(refused, 429, "too_many_requests", "You have exceeded the rate limit.");
    assertThat(refused.headers().firstValue("Retry-After")).contains("1");
    assertThat(refused.headers().firstValue("RateLimit-Policy")).contains("\"create\";q=3;w=3");
    assertThat(refused.headers().firstValue("RateLimit")).contains("\"create\";r=0;t=3");
    assertThat(query().statusCode()).isEqualTo(200);
    clock.advance(Duration.ofSeconds(1));
    assertThat(create("Bearer " + TOKEN).statusCode()).isEqualTo(200);
    assertThat(create("Bearer " + TOKEN).statusCode()).isEqualTo(429);
  }

  @Test
  void every_answer_tells_how_much_is_left_and_when_it_is_whole_again() throws Exception {
    store(TOKEN, Optional.empty(), Optional.empty(), false);

    var first = create("Bearer " + TOKEN);
    var second = create("Bearer " + TOKEN);

    assertThat(first.headers().firstValue("RateLimit-Policy")).contains("\"create\";q=3;w=3");
    assertThat(first.headers().firstValue("RateLimit")).contains("\"create\";r=2;t=1");
    assertThat(second.headers().firstValue("RateLimit")).contains("\"create\";r=1;t=2");
    assertThat(query().headers().firstValue("RateLimit")).contains("\"query\";r=19;t=1");
    clock.advance(Duration.ofSeconds(2));
    assertThat(create("Bearer " + TOKEN).headers().firstValue("RateLimit"))
        .contains("\"create\";r=2;t=1");
    assertThat(create("Bearer wrong").headers().firstValue("RateLimit")).isEmpty();
  }

  @Test
  void what_belongs_to_a_token_is_remembered_for_a_second() throws Exception {
    store(TOKEN, Optional.empty(), Optional.empty(), false);
    query();
    query();
    assertThat(lookups).hasValue(1);

    clock.advance(Duration.ofMillis(1_001));
    query();
    assertThat(lookups).hasValue(2);

    stored.clear();
    access.forget();
    assertThat(query().statusCode()).isEqualTo(401);
    query();
    assertThat(lookups).hasValue(3);
  }

  @Test
  void wrong_tokens_from_one_address_are_slowed_down_but_a_right_one_still_works()
      throws Exception {
    store(TOKEN, Optional.empty(), Optional.empty(), false);
    assertThat(query().statusCode()).isEqualTo(200);
    for (int i = 0; i < 5; i++) {
      assertThat(create("Bearer wrong" + i).statusCode()).isEqualTo(401);
    }

    var refused = create("Bearer wrong");

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("Retry-After")).contains("1");
    access.forget();
    assertThat(query().statusCode()).isEqualTo(200);
  }

  private void grant(Grants grants) {
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

  private ApplicationId store(
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

  private static Credential revoked(Credential from) {
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

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private HttpResponse<String> create(String authorization)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(uri("/v1/suno/audios"))
            .header("authorization", authorization)
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> query() throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(uri("/tasks")).header("Authorization", "Bearer " + TOKEN).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static void assertProblem(
      HttpResponse<String> answer, int status, String code, String message) {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body())
        .contains("\"code\":\"" + code + "\"")
        .contains(message)
        .contains("\"trace_id\":\"")
        .doesNotContain(TOKEN);
  }
}
