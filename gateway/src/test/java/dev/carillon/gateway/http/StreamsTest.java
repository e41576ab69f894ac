package dev.carillon.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

final class StreamsTest {
  private static final String GET = "GET /s HTTP/1.1\r\nHost: h\r\n\r\n";

  @Test
  void events_reach_the_client_one_by_one_while_the_stream_goes_on() throws Exception {
    var second = new CountDownLatch(1);
    Handler handler =
        _ ->
            Sse.stream(sink -> {
              sink.send(Sse.event("1", "task.accepted", "{\"a\":1}"));
              second.await();
              sink.send(Sse.event("", "", "bye"));
            });
    try (var server = new TestServer(new Routes().get("/s", handler))) {
      var answer =
          server
              .client()
              .send(server.request("/s").build(), HttpResponse.BodyHandlers.ofInputStream());
      var lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));

      assertThat(read(lines, 5))
          .containsExactly(":", "", "id: 1", "event: task.accepted", "data: {\"a\":1}");
      second.countDown();
      assertThat(read(lines, 3)).containsExactly("", "data: bye", "");
      assertThat(lines.readLine()).isNull();
      assertThat(answer.headers().firstValue("Content-Type")).contains("text/event-stream");
      assertThat(answer.headers().firstValue("Carillon-Trace-Id")).isPresent();
    }
  }

  @Test
  void lines_of_ndjson_are_flushed_each() throws Exception {
    var second = new CountDownLatch(1);
    Handler handler =
        _ ->
            Ndjson.stream(sink -> {
              sink.send(Ndjson.line("{\"n\":1}"));
              second.await();
              sink.send(Ndjson.line("{\"n\":\n2}"));
            });
    try (var server = new TestServer(new Routes().get("/s", handler))) {
      var answer =
          server
              .client()
              .send(server.request("/s").build(), HttpResponse.BodyHandlers.ofInputStream());
      var lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));

      assertThat(lines.readLine()).isEqualTo("{\"n\":1}");
      second.countDown();
      assertThat(lines.readLine()).isEqualTo("{\"n\":2}");
      assertThat(lines.readLine()).isNull();
    }
  }

  @Test
  void a_stream_ends_when_its_client_is_gone() throws Exception {
    var ended = new CompletableFuture<Throwable>();
    Handler handler =
        _ ->
            Sse.stream(sink -> {
              try {
                while (true) {
                  sink.send(Sse.comment("x".repeat(10_000)));
                }
              } catch (IOException gone) {
                ended.complete(gone);
                throw gone;
              }
            });
    try (var server = new TestServer(new Routes().get("/s", handler))) {
      try (var socket = opened(server)) {
        assertThat(socket.getInputStream().readNBytes(5_000)).hasSize(5_000);
      }

      assertThat(ended.get(10, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void a_waiting_handler_learns_that_its_client_hung_up() throws Exception {
    var waiting = new CountDownLatch(1);
    var gone = new CompletableFuture<Boolean>();
    Handler handler =
        call -> {
          boolean before = call.gone();
          waiting.countDown();
          gone.complete(!before && eventually(call::gone));
          return Reply.empty(204);
        };
    try (var server = new TestServer(new Routes().get("/s", handler))) {
      try (var _ = opened(server)) {
        waiting.await();
      }

      assertThat(gone.get(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void asking_whether_the_client_is_gone_loses_no_byte_of_its_next_requests() throws Exception {
    var asked = new CountDownLatch(1);
    var sent = new CountDownLatch(1);
    var goneSeen = new AtomicBoolean();
    Handler handler =
        call -> {
          goneSeen.compareAndSet(false, call.gone());
          asked.countDown();
          sent.await();
          goneSeen.compareAndSet(false, call.gone());
          return Reply.json("{}");
        };
    try (var server = new TestServer(new Routes().get("/s", handler));
        var socket = opened(server)) {
      asked.await();
      socket.getOutputStream().write((GET + GET).getBytes(StandardCharsets.US_ASCII));
      sent.countDown();

      for (int i = 0; i < 3; i++) {
        assertThat(answer(socket.getInputStream())).startsWith("HTTP/1.1 200 ").endsWith("{}");
      }
      assertThat(goneSeen).isFalse();
    }
  }

  @Test
  void a_hint_comes_before_the_answer() throws Exception {
    Handler handler =
        call -> {
          call.hint(Map.of("Carillon-Task-Id", "t\r\nX: y"));
          return Reply.json("{}");
        };
    try (var server = new TestServer(new Routes().get("/s", handler));
        var socket = opened(server)) {
      assertThat(head(socket.getInputStream()))
          .isEqualTo("HTTP/1.1 103 Early Hints\r\nCarillon-Task-Id: t  X: y\r\n\r\n");
      assertThat(answer(socket.getInputStream())).startsWith("HTTP/1.1 200 ").endsWith("{}");
    }
  }

  @Test
  void a_thousand_requests_wait_at_once() throws Exception {
    var all = new CountDownLatch(1_000);
    var go = new CountDownLatch(1);
    Handler handler =
        _ -> {
          all.countDown();
          go.await();
          return Reply.json("{}");
        };
    var sockets = new ArrayList<Socket>();
    try (var server = new TestServer(new Routes().get("/s", handler))) {
      for (int i = 0; i < 1_000; i++) {
        sockets.add(opened(server));
      }

      assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
      go.countDown();
      for (var socket : sockets) {
        assertThat(answer(socket.getInputStream())).startsWith("HTTP/1.1 200 ");
        socket.close();
      }
    }
  }

  @Test
  void closing_lets_a_running_request_finish_and_takes_no_new_one() throws Exception {
    var started = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    Handler handler =
        _ -> {
          started.countDown();
          go.await();
          return Reply.json("{\"done\":true}");
        };
    try (var server = new TestServer(new Routes().get("/s", handler));
        var socket = opened(server)) {
      started.await();
      var closing = CompletableFuture.runAsync(server.server()::close);

      assertThat(eventually(() -> refuses(server))).isTrue();
      assertThat(closing).isNotDone();
      go.countDown();
      assertThat(answer(socket.getInputStream())).endsWith("{\"done\":true}");
      closing.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void closing_interrupts_what_outlasts_the_grace() throws Exception {
    var started = new CountDownLatch(1);
    var interrupted = new CompletableFuture<Boolean>();
    Handler handler =
        _ -> {
          started.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException closing) {
            interrupted.complete(true);
            throw closing;
          }
          return Reply.json("{}");
        };
    try (var server =
            new TestServer(
                new Routes().get("/s", handler), TestServer.limits(Duration.ofMillis(200)));
        var _ = opened(server)) {
      started.await();
      server.server().close();

      assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void starting_and_closing_twice_is_harmless() {
    try (var server = new TestServer(new Routes())) {
      assertThat(server.server().start()).isEqualTo(server.port());
      server.server().close();
      server.server().close();
    }
  }

  private static boolean refuses(TestServer server) {
    try (var _ = server.connect()) {
      return false;
    } catch (IOException refused) {
      return true;
    }
  }

  /// Asks again and again until it is true, for ten seconds at most.
  private static boolean eventually(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      Thread.onSpinWait();
    }
    return true;
  }

  private static Socket opened(TestServer server) throws IOException {
    var socket = server.connect();
    socket.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static List<String> read(BufferedReader lines, int count) throws IOException {
    var read = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      read.add(lines.readLine());
    }
    return read;
  }

  private static String head(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return head.toString();
      }
      head.append((char) next);
    }
    return head.toString();
  }

  private static String answer(InputStream in) throws IOException {
    String head = head(in);
    int at = head.indexOf("Content-Length: ") + "Content-Length: ".length();
    int length = Integer.parseInt(head.substring(at, head.indexOf('\r', at)));
    return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }
}
