package dev.carillon.bench.passthrough;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A provider that answers chats at once, always the same: whole, or in twenty events.
public final class FastModel implements AutoCloseable {
  private static final int EVENTS = 20;
  private static final String WHOLE =
      "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
          + "\"message\":{\"role\":\"assistant\",\"content\":\"hello\"},\"finish_reason\":\"stop\"}],"
          + "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1,\"total_tokens\":10}}";

  private final ServerSocket listening;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /// Listens on a free port of loopback.
  public FastModel() throws IOException {
    listening = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  /// Where it listens.
  public InetSocketAddress address() {
    return new InetSocketAddress(listening.getInetAddress(), listening.getLocalPort());
  }

  /// The file that makes it a provider of the gateway.
  public String providerFile() {
    return "base-url: http://127.0.0.1:"
        + listening.getLocalPort()
        + "/v1\nmodels: [{name: m, price: {input: \"1\", output: \"1\"}, most-output: 100}]\n";
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listening.accept();
        threads.execute(() -> serve(socket));
      }
    } catch (IOException closed) {
      threads.shutdown();
    }
  }

  private static void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = socket.getInputStream();
      OutputStream out = socket.getOutputStream();
      for (Http request = Http.read(in); !request.head().isEmpty(); request = Http.read(in)) {
        if (request.body().contains("\"stream\":true")) {
          events(out);
        } else {
          out.write(
              ascii(
                  "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                      + WHOLE.length()
                      + "\r\n\r\n"
                      + WHOLE));
        }
      }
    } catch (IOException gone) {
      // the other side is done
    }
  }

  private static void events(OutputStream out) throws IOException {
    out.write(
        ascii(
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"));
    for (int i = 0; i < EVENTS; i++) {
      chunk(
          out,
          "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word \"}}]}\n\n");
    }
    chunk(
        out, "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":20}}\n\n");
    chunk(out, "data: [DONE]\n\n");
    out.write(ascii("0\r\n\r\n"));
  }

  private static void chunk(OutputStream out, String text) throws IOException {
    out.write(ascii(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n"));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() throws IOException {
    listening.close();
    threads.shutdownNow();
  }
}
