package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.testkit.Await;
import dev.carillon.testkit.Received;
import dev.carillon.testkit.Receiver;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ListenTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String TYPE = "task.succeeded";
  private static final Pauses QUICK = new Pauses(List.of(Duration.ZERO, Duration.ofMillis(20)));

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  static Path folder;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static LiveGateway gateway;

  private final List<String> said = new CopyOnWriteArrayList<>();
  private final List<AutoCloseable> closing = new ArrayList<>();

  @BeforeAll
  static void start() {
    gateway = new LiveGateway(folder);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable thing : closing.reversed()) {
      thing.close();
    }
  }

  @Test
  void events_come_in_order_signed_and_byte_for_byte() throws Exception {
    Receiver receiver = receiver(0);
    listen("signed", "", receiver.port(), gateway.port);

    gateway.tasks(3);

    List<Received> came = receiver.await("/hook", 3, PATIENCE);
    List<String> feed = gateway.events(TYPE);
    assertThat(came.stream().map(Received::text).toList())
        .isEqualTo(feed.subList(feed.size() - 3, feed.size()));
    String secret = gateway.get("/v1/webhook-secret").path("secret").asString();
    for (Received event : came) {
      assertThat(event.text()).contains("\"id\":\"" + header(event, "webhook-id") + "\"");
      assertThat(header(event, "content-type")).isEqualTo("application/json");
      assertThat(header(event, "webhook-event-type")).isEqualTo(TYPE);
      assertThat(header(event, "webhook-signature")).isEqualTo(signature(event, secret));
    }
    Await.until(
        "it is acknowledged",
        PATIENCE,
        () -> gateway.acknowledged("signed").equals(Optional.of(end())));
    assertThat(said.getFirst()).contains("connected to http://127.0.0.1").contains("signed");
    assertThat(said.stream().filter(line -> line.contains("-> 200 in"))).hasSize(3);
  }

  @Test
  void a_receiver_that_was_away_or_failed_gets_all_in_order() throws Exception {
    Receiver first = receiver(0);
    int port = first.port();
    listen("away", "", port, gateway.port);
    gateway.tasks(1);
    awaitTaken();
    first.close();

    gateway.tasks(3);
    Await.until(
        "it was tried", PATIENCE, () -> said.stream().anyMatch(l -> l.contains("again in")));
    Receiver again = receiver(port);
    again.statuses("/hook", 500, 503, 200);

    List<Received> came = again.await("/hook", 5, PATIENCE);
    List<String> feed = gateway.events(TYPE);
    List<String> last = feed.subList(feed.size() - 3, feed.size());
    assertThat(came.stream().map(Received::text).toList())
        .containsExactly(last.get(0), last.get(0), last.get(0), last.get(1), last.get(2));
    assertThat(came.stream().limit(3).map(event -> header(event, "webhook-id")).distinct())
        .hasSize(1);
  }

  @Test
  void a_broken_connection_is_taken_up_where_it_broke() throws Exception {
    Receiver receiver = receiver(0);
    var relay = new Relay(gateway.port);
    closing.add(relay);
    listen("broken", "", receiver.port(), relay.port());
    gateway.tasks(2);
    receiver.await("/hook", 2, PATIENCE);

    relay.cut();
    gateway.tasks(1);
    receiver.await("/hook", 3, PATIENCE);
    relay.cut();
    gateway.tasks(1);

    List<Received> came = receiver.await("/hook", 4, PATIENCE);
    List<String> feed = gateway.events(TYPE);
    assertThat(came.stream().map(Received::text).toList())
        .isEqualTo(feed.subList(feed.size() - 4, feed.size()));
    assertThat(said.stream().filter(line -> line.startsWith("connection lost"))).isNotEmpty();
  }

  @Test
  void what_happened_while_nobody_listened_comes_first() throws Exception {
    Receiver receiver = receiver(0);
    AutoCloseable before = listen("laptop", "", receiver.port(), gateway.port);
    gateway.tasks(1);
    awaitTaken();
    before.close();
    gateway.tasks(2);

    listen("laptop", "", receiver.port(), gateway.port);

    List<Received> came = receiver.await("/hook", 3, PATIENCE);
    List<String> feed = gateway.events(TYPE);
    assertThat(came.stream().map(Received::text).toList())
        .isEqualTo(feed.subList(feed.size() - 3, feed.size()));
  }

  @Test
  void since_goes_back() throws Exception {
    gateway.tasks(1);
    Receiver receiver = receiver(0);

    listen("back", "1h", receiver.port(), gateway.port);

    List<String> feed = gateway.events(TYPE);
    List<Received> came = receiver.await("/hook", feed.size(), PATIENCE);
    assertThat(came.stream().map(Received::text).toList()).isEqualTo(feed);
  }

  @Test
  void a_wrong_token_and_no_gateway_end_with_what_to_do() {
    var wrong = new GatewayApi(gateway.api(gateway.port).base(), "wrong");
    assertThatThrownBy(() -> listener(wrong, "x", "", 1).run())
        .isInstanceOf(GatewayRefusal.class)
        .hasMessageContaining("does not take this token")
        .hasMessageContaining("CARILLON_TOKEN");
    var nobody = gateway.api(1);
    assertThatThrownBy(() -> listener(nobody, "x", "", 1).run())
        .isInstanceOf(GatewayRefusal.class)
        .hasMessageContaining("no gateway answers at http://127.0.0.1:1")
        .hasMessageContaining("--url");
    wrong.close();
    nobody.close();
  }

  /// Waits until the receiver's 2xx has come: one that is cut off before counts as not taken.
  private void awaitTaken() {
    Await.until("it was taken", PATIENCE, () -> said.getLast().contains("-> 200"));
  }

  private Receiver receiver(int port) {
    Receiver receiver = Receiver.start(port);
    closing.add(receiver);
    return receiver;
  }

  /// Listens until the test ends, or until what is returned is closed.
  private AutoCloseable listen(String consumer, String since, int port, int through)
      throws InterruptedException {
    GatewayApi api = gateway.api(through);
    int before = said.size();
    Thread running =
        Thread.ofVirtual()
            .name("listen")
            .start(() -> {
              try {
                listener(api, consumer, since, port).run();
              } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
              }
            });
    AutoCloseable ending =
        () -> {
          running.interrupt();
          assertThat(running.join(PATIENCE)).isTrue();
          api.close();
        };
    closing.add(ending);
    Await.until("it is connected", PATIENCE, () -> said.size() > before);
    return ending;
  }

  private Listener listener(GatewayApi api, String consumer, String since, int port) {
    var forwarder =
        new Forwarder(URI.create("http://127.0.0.1:" + port + "/hook"), InstantSource.system());
    closing.add(forwarder);
    var target =
        new ForwardTarget(
            api,
            Optional.of(forwarder),
            new ForwardTarget.Options(InstantSource.system(), QUICK, false),
            said::add);
    return new Listener(
        api,
        new Listener.Start(new Consumer(api, consumer), since, TYPE),
        target,
        QUICK,
        said::add);
  }

  private static String end() {
    return gateway.get("/v1/events?after=now").path("next").asString();
  }

  private static String header(Received event, String name) {
    return event.header(name).orElseThrow();
  }

  private static String signature(Received event, String secret) throws Exception {
    byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    String head = header(event, "webhook-id") + "." + header(event, "webhook-timestamp") + ".";
    mac.update(head.getBytes(StandardCharsets.UTF_8));
    return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(event.body()));
  }
}
