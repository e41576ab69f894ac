package dev.carillon.gateway.upstream.passthrough;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.gateway.catalog.CatalogException;
import dev.carillon.gateway.domain.Money;
import dev.carillon.testkit.Reaction;
import dev.carillon.testkit.Receiver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who answers which model.
final class SwitchboardTest {
  private static final Tariff FREE = new Tariff(Money.ZERO, Money.ZERO, Money.ZERO, Money.ZERO);
  private static final Switchboard.Sandboxed SANDBOX =
      new Switchboard.Sandboxed(
          _ -> {
            throw new IllegalStateException("nobody asks it here");
          },
          _ -> FREE);

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  private Switchboard board(Map<String, String> keys) {
    return Switchboard.load(folder, name -> Optional.ofNullable(keys.get(name)), SANDBOX);
  }

  private static String owner(Switchboard board, Modality modality, String model) {
    return board.find(modality, model).map(line -> line.model().owner()).orElse("nobody");
  }

  @Test
  void without_a_key_the_sandbox_answers_every_name() {
    Switchboard board = board(Map.of("OPENAI_API_KEY", " "));

    assertThat(owner(board, Modality.CHAT, "gpt-4o")).isEqualTo("sandbox");
    assertThat(owner(board, Modality.SPEECH, "anything")).isEqualTo("sandbox");
  }

  @Test
  void with_openais_key_its_models_are_its_own_and_no_others_are_known() {
    Switchboard board = board(Map.of("OPENAI_API_KEY", "k"));

    assertThat(owner(board, Modality.CHAT, "gpt-4o")).isEqualTo("openai");
    assertThat(owner(board, Modality.EMBEDDINGS, "text-embedding-3-small")).isEqualTo("openai");
    assertThat(owner(board, Modality.CHAT, "anything")).isEqualTo("nobody");
    assertThat(owner(board, Modality.CHAT, "sandbox")).isEqualTo("sandbox");
    assertThat(board.models()).extracting(Model::name).contains("gpt-5", "tts-1", "sandbox");
  }

  @Test
  void a_key_that_cannot_be_sent_stops_the_start_and_is_not_told() throws IOException {
    Files.writeString(
        folder.resolve("mine.yaml"),
        "base-url: http://127.0.0.1:1/v1\nkey: MY_KEY\nmodels: [{name: m, price: {request: \"1\"}}]\n");

    assertThatThrownBy(() -> board(Map.of("MY_KEY", "geheim\u00e9")))
        .hasMessageContaining("MY_KEY: holds a character that no key may have")
        .hasMessageNotContaining("geheim");
  }

  @Test
  void a_call_is_sent_once_though_the_provider_says_try_again_at_once() throws Exception {
    try (var provider = Receiver.start()) {
      provider.otherwise(_ -> Reaction.status(503, "Retry-After", "0"));
      Files.writeString(
          folder.resolve("mine.yaml"),
          "base-url: %s\nmodels: [{name: m, price: {request: \"1\"}}]\n"
              .formatted(provider.url("/v1")));
      Switchboard.Line line = board(Map.of()).find(Modality.CHAT, "m").orElseThrow();

      try (Exchange exchange =
          line.backend().open(new Backend.Sent(line.model(), new byte[] {'{', '}'}, false))) {
        exchange.begin();
        assertThat(exchange.status()).isEqualTo(503);
      }

      assertThat(provider.count()).isEqualTo(1);
    }
  }

  @Test
  void a_provider_without_a_key_takes_part_where_its_modality_is_asked_for() throws IOException {
    Files.writeString(
        folder.resolve("mine.yaml"),
        "base-url: http://127.0.0.1:1/v1\nmodels: [{name: m, upstream: big, price: {output: \"2\"}}]\n");
    Switchboard board = board(Map.of());

    Model model = board.find(Modality.CHAT, "m").orElseThrow().model();
    assertThat(model.upstream()).isEqualTo("big");
    assertThat(model.tariff().price(new Usage(7, 500_001, 0))).isEqualTo(new Money(1_000_002));
    assertThat(owner(board, Modality.EMBEDDINGS, "m")).isEqualTo("sandbox");
  }

  @Test
  void every_mistake_of_every_file_is_told_with_its_place() throws IOException {
    Files.writeString(
        folder.resolve("a.yaml"),
        """
        base-url: http://127.0.0.1:1/v1
        keys: X
        models:
          - {name: m, price: {output: "-1"}}
          - {name: m, for: chatting}
          - {name: m, price: {request: "1"}, most-output: 0}
        """);
    Files.writeString(folder.resolve("b.yaml"), "base-url: nowhere\nmodels: []\n");
    Files.writeString(folder.resolve("c.yaml"), "models: [\n");

    assertThatThrownBy(() -> board(Map.of()))
        .isInstanceOf(CatalogException.class)
        .hasMessageContaining("a.yaml: keys: unknown key")
        .hasMessageContaining("a.yaml: models[0].price.output: must be a number of credits")
        .hasMessageContaining("a.yaml: models[1].for: must be chat, embeddings or speech")
        .hasMessageContaining("a.yaml: models[2].most-output")
        .hasMessageContaining("b.yaml: base-url: must be an http or https URL")
        .hasMessageContaining("c.yaml: line ");
  }
}
