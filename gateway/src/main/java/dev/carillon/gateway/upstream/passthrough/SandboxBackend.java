package dev.carillon.gateway.upstream.passthrough;

import dev.carillon.gateway.upstream.sandbox.media.Studio;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Answers without any model: the same request gets the same answer, which says what it is.
public final class SandboxBackend implements Backend {
  /// The most tokens an answer of the sandbox has.
  static final int MOST_OUTPUT = 4_096;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Studio studio;
  private final InstantSource clock;

  public SandboxBackend(Studio studio, InstantSource clock) {
    this.studio = studio;
    this.clock = clock;
  }

  @Override
  public Exchange open(Sent sent) {
    return new Made(sent);
  }

  /// An answer in pieces.
  ///
  /// @param pieces each is one read
  record Pieces(int status, String contentType, List<byte[]> pieces) {
    static Pieces json(ObjectNode tree) {
      return new Pieces(200, "application/json", List.of(JSON.writeValueAsBytes(tree)));
    }

    /// A refusal of the sandbox itself, in the form of the API.
    static Pieces refusal(String message, String param) {
      ObjectNode tree = JSON.createObjectNode();
      tree.putObject("error")
          .put("message", message)
          .put("type", "invalid_request_error")
          .put("param", param)
          .putNull("code");
      return new Pieces(400, "application/json", List.of(JSON.writeValueAsBytes(tree)));
    }

    static Pieces events(List<ObjectNode> events) {
      var pieces =
          new ArrayList<>(
              events.stream().map(event -> data(JSON.writeValueAsString(event))).toList());
      pieces.add(data("[DONE]"));
      return new Pieces(200, "text/event-stream", pieces);
    }

    private static byte[] data(String text) {
      return ("data: " + text + "\n\n").getBytes(StandardCharsets.UTF_8);
    }
  }

  private Pieces answer(Sent sent) throws IOException, InterruptedException {
    ObjectNode request = (ObjectNode) JSON.readTree(sent.body());
    return switch (sent.model().modality()) {
      case CHAT -> new SandboxChat(request, sent.model().name(), clock.instant()).answer();
      case EMBEDDINGS -> SandboxVectors.answer(request, sent.model().name());
      case SPEECH -> new SandboxSpeech(studio).answer(request);
    };
  }

  private final class Made implements Exchange {
    private final Sent sent;
    private @Nullable Pieces answer;
    private Iterator<byte[]> left = List.<byte[]>of().iterator();
    private byte[] piece = {};
    private int at;
    private volatile boolean aborted;

    Made(Sent sent) {
      this.sent = sent;
    }

    @Override
    public void begin() throws IOException, InterruptedException {
      Pieces made = answer(sent);
      answer = made;
      left = made.pieces().iterator();
    }

    private Pieces made() {
      return Objects.requireNonNull(answer, "it has not begun");
    }

    @Override
    public int status() {
      return made().status();
    }

    @Override
    public Optional<String> contentType() {
      return Optional.of(made().contentType());
    }

    @Override
    public Optional<String> retryAfter() {
      return Optional.empty();
    }

    @Override
    public int read(byte[] into) throws IOException {
      if (aborted) {
        throw new IOException("aborted");
      }
      if (at == piece.length) {
        if (!left.hasNext()) {
          return -1;
        }
        piece = left.next();
        at = 0;
      }
      int count = Math.min(into.length, piece.length - at);
      System.arraycopy(piece, at, into, 0, count);
      at += count;
      return count;
    }

    @Override
    public void abort() {
      aborted = true;
    }

    @Override
    public void close() {}
  }
}
