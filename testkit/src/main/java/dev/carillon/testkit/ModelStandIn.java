package dev.carillon.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// A provider of models whose answers a script writes piece by piece, over real HTTP on loopback.
///
/// The script runs on the request's own thread, so it may wait between two pieces for whatever the
/// test lets happen. A script that throws breaks the connection off.
public final class ModelStandIn implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger asked = new AtomicInteger();

  /// Writes one answer.
  @FunctionalInterface
  public interface Script {
    /// Writes it.
    ///
    /// @throws Exception to break the connection off
    void answer(Turn turn) throws Exception;
  }

  /// Starts on a free port.
  public ModelStandIn(Script script) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException noPort) {
      throw new UncheckedIOException(noPort);
    }
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          try {
            script.answer(new Turn(exchange, exchange.getRequestBody().readAllBytes()));
          } catch (Exception _) {
            // The script meant it: the connection ends here without the end of the answer.
          } finally {
            exchange.close();
          }
        });
    server.start();
  }

  /// Where its API begins, without a slash at the end.
  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
  }

  /// How many requests came.
  public int asked() {
    return asked.get();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  /// One request and its answer. Of one thread.
  public static final class Turn {
    private final HttpExchange exchange;
    private final byte[] body;
    private Optional<OutputStream> out = Optional.empty();

    private Turn(HttpExchange exchange, byte[] body) {
      this.exchange = exchange;
      this.body = body;
    }

    /// The path that was asked for.
    public String path() {
      return exchange.getRequestURI().getPath();
    }

    /// The body that came, as text.
    public String body() {
      return new String(body, StandardCharsets.UTF_8);
    }

    /// A header that came; empty when it did not.
    public String header(String name) {
      String value = exchange.getRequestHeaders().getFirst(name);
      return value == null ? "" : value;
    }

    /// Sends the head of an answer in pieces.
    public Turn begin(int status, String contentType) throws IOException {
      exchange.getResponseHeaders().set("Content-Type", contentType);
      exchange.sendResponseHeaders(status, 0);
      OutputStream stream = exchange.getResponseBody();
      stream.flush();
      out = Optional.of(stream);
      return this;
    }

    /// Sends a piece at once.
    ///
    /// @throws IOException when the other side has closed
    public Turn send(String piece) throws IOException {
      OutputStream stream = out.orElseThrow();
      stream.write(piece.getBytes(StandardCharsets.UTF_8));
      stream.flush();
      return this;
    }

    /// Sends one server-sent event at once.
    public Turn event(String data) throws IOException {
      return send("data: " + data + "\n\n");
    }

    /// Ends an answer in pieces.
    public void end() throws IOException {
      out.orElseThrow().close();
    }

    /// Sends a whole answer.
    ///
    /// @param headers names and values in turn
    public void whole(int status, String contentType, String answer, String... headers)
        throws IOException {
      exchange.getResponseHeaders().set("Content-Type", contentType);
      for (int i = 0; i + 1 < headers.length; i += 2) {
        exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
      }
      byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }
}
