package dev.carillon.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.access.Access;
import dev.carillon.gateway.access.AccessConfig;
import dev.carillon.gateway.access.TokenHash;
import dev.carillon.gateway.domain.Answer;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.Credential;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.domain.account.Owner;
import dev.carillon.gateway.domain.callback.CallbackUrl;
import dev.carillon.gateway.http.HttpConfig;
import dev.carillon.gateway.http.RequestListener;
import dev.carillon.gateway.http.Routes;
import dev.carillon.gateway.http.WebServer;
import dev.carillon.gateway.store.Store;
import dev.carillon.gateway.store.sqlite.SqliteConfig;
import dev.carillon.gateway.store.sqlite.SqliteStore;
import dev.carillon.testkit.HandClock;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Some rooms behind a real front door, over a real store, with two applications that know nothing
/// of each other.
public final class NativeServer implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final AccountId ACCOUNT = new AccountId(new UUID(0x7000, 10));
  private static final TokenHash HASH = new TokenHash("secret".getBytes(StandardCharsets.UTF_8));

  public final HandClock clock = new HandClock();
  public final Ids ids = new Ids(clock, new Random(1));
  public final Store store;
  public final Access access;
  public final App mine;
  public final App other;
  private final WebServer server;
  private final int port;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /// An application and its token.
  public record App(ApplicationId id, CredentialId credential, String token) {}

  /// An answer with its JSON.
  public record Answered(int status, String text, HttpResponse<String> whole) {
    public JsonNode json() {
      return JSON.readTree(text);
    }

    public Answered is(int wanted) {
      assertThat(status).as(text).isEqualTo(wanted);
      return this;
    }
  }

  /// @param routes what it answers, built on what is there before it listens
  public NativeServer(Path folder, Function<NativeServer, Routes> routes) {
    store = SqliteStore.open(folder.resolve("carillon.db"), SqliteConfig.defaults(), clock, ids);
    store.access().createAccount(ACCOUNT, Money.ofCredits("100"));
    mine = application("mine");
    other = application("other");
    access = new Access(AccessConfig.DEFAULTS, HASH, store.access()::findByTokenHash, clock);
    server =
        new WebServer(
            HttpConfig.DEFAULTS.withPort(0),
            routes.apply(this),
            ids,
            Gateway::translate,
            RequestListener.NONE);
    port = server.start();
  }

  private App application(String name) {
    var app = new App(new ApplicationId(ids.next()), new CredentialId(ids.next()), "token-" + name);
    store
        .access()
        .createApplication(
            new Application(
                app.id, ACCOUNT, name, Optional.empty(), Money.ZERO, true, false, clock.instant()));
    store
        .access()
        .createCredential(
            new Credential(
                app.credential,
                app.id,
                name,
                HASH.of(app.token),
                app.token.substring(0, 6),
                Optional.empty(),
                false,
                clock.instant()));
    return app;
  }

  public Answered get(String path) {
    return send(mine, "GET", path, Optional.empty());
  }

  public Answered post(String path, String body) {
    return send(mine, "POST", path, Optional.of(body));
  }

  /// A request of some application.
  public Answered send(App app, String method, String path, Optional<String> body) {
    return answered(
        request(path)
            .header("Authorization", "Bearer " + app.token)
            .method(method, body.map(BodyPublishers::ofString).orElse(BodyPublishers.noBody())));
  }

  /// A request without a token.
  public Answered anonymous(String path) {
    return answered(request(path));
  }

  private Answered answered(HttpRequest.Builder request) {
    try {
      var response = client.send(request.build(), BodyHandlers.ofString());
      return new Answered(response.statusCode(), response.body(), response);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new AssertionError(stopped);
    }
  }

  /// Asks for a stream that is refused, or ends by itself.
  public Answered streaming(String path) {
    return answered(
        request(path)
            .header("Authorization", "Bearer " + mine.token)
            .header("Accept", "text/event-stream"));
  }

  /// Opens a stream of server-sent events.
  public InputStream stream(String path, Optional<String> last) {
    var request = request(path).header("Authorization", "Bearer " + mine.token);
    request.header("Accept", "text/event-stream");
    last.ifPresent(id -> request.header("Last-Event-ID", id));
    try {
      var response = client.send(request.build(), BodyHandlers.ofInputStream());
      assertThat(response.statusCode()).isEqualTo(200);
      return response.body();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new AssertionError(stopped);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(30));
  }

  /// Takes in a task.
  public Order accept(App app, Optional<String> callback) {
    var order =
        new Order(
            new TaskId(ids.next()),
            new Owner(ACCOUNT, app.id, app.credential),
            "midjourney",
            "/midjourney/imagine",
            "imagine",
            ids.next().toString(),
            clock.instant(),
            "{\"prompt\":\"a häuschen\"}",
            callback.map(CallbackUrl::new),
            Money.ZERO,
            clock.instant().plusSeconds(600));
    store.tasks().accept(order);
    return order;
  }

  /// A task of an application that ends well.
  public Task succeed(App app, Optional<String> callback) {
    Order order = accept(app, callback);
    Claim claim = claim(order.id());
    return store
        .tasks()
        .settle(
            claim,
            new TaskState.Succeeded(
                clock.instant(),
                clock.instant(),
                new Answer("{\"image_url\": \"http://h/ä.png\"}")))
        .orElseThrow();
  }

  private Claim claim(TaskId id) {
    try {
      while (true) {
        List<Claim> claims = store.tasks().claim(1, Duration.ofSeconds(10));
        assertThat(claims).isNotEmpty();
        if (claims.getFirst().task().id().equals(id)) {
          return claims.getFirst();
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new AssertionError(stopped);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
    server.close();
    store.close();
  }
}
