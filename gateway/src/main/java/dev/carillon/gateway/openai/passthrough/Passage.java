package dev.carillon.gateway.openai.passthrough;

import dev.carillon.api.ErrorCode;
import dev.carillon.api.HeaderNames;
import dev.carillon.gateway.domain.Answer;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.http.Problem;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.http.StreamSink;
import dev.carillon.gateway.store.Bell;
import dev.carillon.gateway.upstream.passthrough.Exchange;
import dev.carillon.gateway.upstream.passthrough.Modality;
import dev.carillon.gateway.upstream.passthrough.Model;
import dev.carillon.gateway.upstream.passthrough.Usage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// One call on its way to a provider and back. Of the request's thread, but for the two who may
/// break it off: whoever sees that the caller is gone, and whoever ends the task from elsewhere.
final class Passage implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Passage.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int PIECE_BYTES = 16 << 10;
  private static final int MOST_BYTES = 32 << 20;
  private static final byte[] NOT_WHOLE = {};
  private static final Reason BROKEN =
      new Reason(ErrorCode.API_ERROR, "The provider could not be reached, or broke off.");
  private static final Reason GONE =
      new Reason(ErrorCode.CANCELLED, "The caller hung up before an answer came.");

  private final Passthrough.Parts parts;
  private final Hold hold;
  private final Wish wish;
  private final Model model;
  private final Exchange exchange;
  private final Meter meter;
  private volatile boolean gone;
  private Optional<HangUps.Watch> watch = Optional.empty();
  private Optional<Bell.Listening> listening = Optional.empty();

  Passage(Passthrough.Parts parts, Hold hold, Wish wish, Model model, Exchange exchange) {
    this.parts = parts;
    this.hold = hold;
    this.wish = wish;
    this.model = model;
    this.exchange = exchange;
    this.meter = new Meter(wish);
  }

  /// Sends the request and gives the answer, or the one that streams it.
  ///
  /// @param hungUp whether the caller is gone
  Reply reply(BooleanSupplier hungUp) throws InterruptedException {
    boolean goesOn = false;
    try {
      watch = Optional.of(parts.hangUps().watch(hungUp, this::hungUp));
      listening = Optional.of(parts.store().bell().listen(hold.task().id(), this::endedElsewhere));
      exchange.begin();
      if (exchange.status() / 100 != 2) {
        throw refused();
      }
      boolean events = isEventStream();
      goesOn = events || wish.modality() == Modality.SPEECH;
      return goesOn ? stream(events) : whole();
    } catch (IOException broken) {
      throw failed(broken);
    } finally {
      if (!goesOn) {
        close();
      }
    }
  }

  private void hungUp() {
    gone = true;
    exchange.abort();
  }

  /// The task was cancelled, or ran out of time: nothing more may be delivered.
  private void endedElsewhere(Task task) {
    if (task.state().isFinal() && hold.isOpen()) {
      exchange.abort();
    }
  }

  private boolean isEventStream() {
    return exchange.contentType().filter(type -> type.startsWith("text/event-stream")).isPresent();
  }

  private RefusedException refused() throws IOException {
    int status = exchange.status();
    byte[] body = new byte[PIECE_BYTES];
    int length = 0;
    for (int read = 0; read >= 0 && length < body.length; ) {
      byte[] piece = new byte[body.length - length];
      read = exchange.read(piece);
      System.arraycopy(piece, 0, body, length, Math.max(0, read));
      length += Math.max(0, read);
    }
    RefusedException refusal =
        ProviderRefusal.of(status, Arrays.copyOf(body, length), exchange.retryAfter());
    log.info(
        "passthrough.refused task={} model={} status={}", hold.task().id(), wish.model(), status);
    hold.release(new Reason(refusal.code(), refusal.said().message()));
    return refusal;
  }

  private Problem failed(IOException broken) {
    Reason reason = gone ? GONE : BROKEN;
    log.info(
        "passthrough.failed task={} model={} reason=\"{}\"",
        hold.task().id(),
        wish.model(),
        broken.toString());
    hold.release(reason);
    return new Problem(reason.code(), reason.message());
  }

  private Reply whole() throws IOException {
    var body = new ByteArrayOutputStream();
    byte[] piece = new byte[PIECE_BYTES];
    for (int read = exchange.read(piece); read >= 0; read = exchange.read(piece)) {
      body.write(piece, 0, read);
      if (body.size() > MOST_BYTES) {
        throw new IOException("the answer is larger than " + MOST_BYTES + " bytes");
      }
    }
    byte[] bytes = body.toByteArray();
    try {
      meter.count(JSON.readTree(bytes));
    } catch (JacksonException notJson) {
      throw new IOException("the answer is no JSON", notJson);
    }
    Money price = charge("complete", bytes);
    return new Reply.Json(200, bytes, headers()).withHeader(HeaderNames.CHARGE, price.toString());
  }

  private Map<String, String> headers() {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(HeaderNames.TASK_ID, hold.task().id().toString());
    return headers;
  }

  private Reply stream(boolean events) {
    Map<String, String> headers = headers();
    headers.put("Cache-Control", "no-store");
    headers.put("X-Accel-Buffering", "no");
    StreamSink.Body body =
        sink -> {
          try (this) {
            if (events) {
              forwardEvents(sink);
            } else {
              forwardBytes(sink);
            }
          }
        };
    String type = exchange.contentType().orElse("application/octet-stream");
    return new Reply.Stream(200, type, headers, body);
  }

  private void forwardBytes(StreamSink sink) throws IOException {
    byte[] piece = new byte[PIECE_BYTES];
    try {
      for (int read = exchange.read(piece); read >= 0; read = exchange.read(piece)) {
        send(sink, Arrays.copyOf(piece, read));
      }
      charge("complete");
    } catch (IOException broken) {
      brokeOff(broken);
      throw broken; // the caller sees that the answer is not whole
    }
  }

  private void forwardEvents(StreamSink sink) throws IOException {
    var events = new Events(meter, !wish.tellsUsage());
    try {
      byte[] piece = new byte[PIECE_BYTES];
      for (int read = 0; read >= 0 && !events.ended(); ) {
        read = exchange.read(piece);
        byte[] out = read < 0 ? events.last() : events.arrived(piece, read);
        if (out.length > 0) {
          send(sink, out);
        }
      }
      if (events.failed()) {
        hold.release(BROKEN);
      } else if (events.complete()) {
        charge("complete");
      } else {
        throw new IOException("the stream ended without an end");
      }
    } catch (IOException broken) {
      brokeOff(broken);
      if (!gone) {
        sink.send(ERROR_EVENT);
      }
    }
  }

  private static final String ERROR_EVENT =
      "data: {\"error\":{\"message\":\"The provider broke off.\",\"type\":\"server_error\",\"param\":null,"
          + "\"code\":\"api_error\"}}\n\n";

  private void send(StreamSink sink, byte[] bytes) throws IOException {
    try {
      sink.send(bytes);
    } catch (IOException lost) {
      hungUp();
      throw lost;
    }
  }

  /// A caller who hangs up pays for what had come; where the provider broke off nobody pays.
  private void brokeOff(IOException broken) {
    if (gone && hold.isOpen()) {
      charge("hung_up");
    } else {
      failed(broken);
    }
  }

  private Money charge(String ended) {
    return charge(ended, NOT_WHOLE);
  }

  /// @param whole the answer, where it is in one piece
  private Money charge(String ended, byte[] whole) {
    Usage usage = meter.usage();
    Money price = model.tariff().price(usage);
    Money held = hold.task().order().price();
    Money charged = price.compareTo(held) < 0 ? price : held;
    ObjectNode kept = JSON.createObjectNode().put("model", wish.model()).put("ended", ended);
    ObjectNode used = kept.putObject("usage");
    if (wish.modality() == Modality.SPEECH) {
      used.put("characters", usage.characters());
    } else {
      used.put("prompt_tokens", usage.input()).put("completion_tokens", usage.output());
      kept.put("usage_estimated", !meter.isTold());
    }
    if (whole.length > 0) {
      Repeats.keep(kept, hold.task(), whole);
    }
    hold.charge(charged, new Answer(JSON.writeValueAsString(kept)));
    return charged;
  }

  @Override
  public void close() {
    watch.ifPresent(HangUps.Watch::close);
    listening.ifPresent(Bell.Listening::close);
    if (hold.isOpen()) {
      hold.release(BROKEN);
    }
    exchange.close();
  }
}
