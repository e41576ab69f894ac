package dev.carillon.gateway.openai.passthrough;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.gateway.http.JsonObject;
import dev.carillon.gateway.upstream.passthrough.Modality;
import dev.carillon.gateway.upstream.passthrough.Usage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// How a provider's stream is cut, counted and forwarded.
final class EventsTest {
  private static final String USED =
      "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}\n\n";
  private static final String WORD =
      "data: {\"choices\":[{\"delta\":{\"content\":\"word\"},\"finish_reason\":null}]}\n\n";

  private final Meter meter =
      new Meter(wish("{\"model\":\"m\",\"messages\":[{\"content\":\"12345678\"}]}"));

  private static Wish wish(String body) {
    ObjectNode node = (ObjectNode) JsonMapper.shared().readTree(body);
    return Wish.of(Modality.CHAT, new JsonObject(body, node));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n\n", "\r\n\r\n"})
  void an_event_is_forwarded_once_it_is_whole_and_to_the_letter(String end) throws IOException {
    var events = new Events(meter, true);
    String text = ": hello" + end + "data: {\"a\":\"ü\"}" + end;
    byte[] all = bytes(text);
    var out = new StringBuilder();

    for (byte one : all) {
      byte[] piece = events.arrived(new byte[] {one}, 1);
      out.append(new String(piece, StandardCharsets.UTF_8));
      assertThat(text).startsWith(out.toString());
    }

    assertThat(out.toString()).isEqualTo(text);
    assertThat(events.ended()).isFalse();
  }

  @Test
  void several_events_at_once_are_forwarded_together_and_the_last_may_lack_its_blank_line()
      throws IOException {
    var events = new Events(meter, true);
    byte[] all = bytes(WORD + WORD + "data: [DONE]");

    assertThat(events.arrived(all, all.length)).isEqualTo(bytes(WORD + WORD));
    assertThat(events.complete()).isFalse();
    assertThat(events.last()).isEqualTo(bytes("data: [DONE]"));
    assertThat(events.complete()).isTrue();
  }

  @Test
  void the_event_that_only_tells_usage_is_counted_and_left_out_unless_it_is_wanted()
      throws IOException {
    byte[] all = bytes(USED);

    assertThat(new Events(meter, true).arrived(all, all.length)).isEmpty();
    assertThat(meter.usage()).isEqualTo(new Usage(3, 2, 0));
    assertThat(new Events(meter, false).arrived(all, all.length)).isEqualTo(all);
  }

  @Test
  void without_a_word_of_the_provider_what_came_is_counted() throws IOException {
    var events = new Events(meter, true);
    String longer = WORD.replace("\"word\"", '"' + "x".repeat(40) + '"');

    var _ = events.arrived(bytes(WORD), bytes(WORD).length);
    assertThat(meter.usage().output()).isEqualTo(1);
    var _ = events.arrived(bytes(longer), bytes(longer).length);
    assertThat(meter.usage().output()).isEqualTo(11);
    assertThat(meter.usage().input()).isBetween(2L, 10L);
    assertThat(meter.isTold()).isFalse();
  }

  @Test
  void large_events_are_taken_and_endless_ones_are_not() throws IOException {
    var events = new Events(meter, true);
    byte[] large = bytes("data: " + "x".repeat(3_000_000) + "\n\n");
    assertThat(events.arrived(large, large.length)).isEqualTo(large);

    byte[] endless = bytes("x".repeat(5_000_000));
    var _ = events.arrived(endless, endless.length);
    assertThatThrownBy(() -> events.arrived(endless, endless.length))
        .isInstanceOf(IOException.class);
  }
}
