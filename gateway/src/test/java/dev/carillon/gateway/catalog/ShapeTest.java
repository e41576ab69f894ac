package dev.carillon.gateway.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The template language.
final class ShapeTest {
  private static final Instant CREATED = Instant.parse("2026-11-23T10:00:00Z");
  private static final Instant NOW = Instant.parse("2026-11-23T10:00:01.500Z");
  private static final List<Map<String, Object>> WORKS =
      List.of(
          Map.of("id", "a-b", "url", "http://h/1", "width", 4, "texts", List.of("x", "y")),
          Map.of("id", "c-d", "url", "http://h/2", "width", 5));

  @Test
  void a_value_keeps_its_json_type() {
    assertThat(
            render(
                "{a: '${work.width}', b: '${work.texts}', c: '${request.o}', d: '${request.f}'}"))
        .isEqualTo("{\"a\":4,\"b\":[\"x\",\"y\"],\"c\":{\"k\":1},\"d\":true}");
  }

  @Test
  void a_missing_value_leaves_its_key_out_unless_null_is_wanted() {
    assertThat(render("{a: '${work.no}', b: '${work.no|null}', c: 1, d: ['${work.no}', 2]}"))
        .isEqualTo("{\"b\":null,\"c\":1,\"d\":[2]}");
  }

  @Test
  void the_first_value_found_counts_and_literals_end_the_search() {
    assertThat(
            render(
                "{a: \"${work.no|request.p|'z'}\", b: \"${work.no|'it''s'}\", c: '${work.no|7}'}"))
        .isEqualTo("{\"a\":\"hi \\\"you\\\"\",\"b\":\"it''s\",\"c\":7}");
  }

  @Test
  void texts_are_put_together_and_quoted() {
    assertThat(render("{a: 'x-${work.id:compact}-${request.p}', b: '${work.width:text}'}"))
        .isEqualTo("{\"a\":\"x-ab-hi \\\"you\\\"\",\"b\":\"4\"}");
  }

  @Test
  void an_element_is_repeated_for_each_work() {
    assertThat(
            render(
                "{a: [{$each: works, u: '${work.url}'}], b: '${works.*.width}', c: '${works.1.id}'}"))
        .isEqualTo(
            "{\"a\":[{\"u\":\"http://h/1\"},{\"u\":\"http://h/2\"}],\"b\":[4,5],\"c\":\"c-d\"}");
  }

  @Test
  void a_switch_takes_the_case_of_the_value_or_the_default_or_nothing() {
    assertThat(
            render(
                "{a: {$switch: request.p2, 'x, y': [1], default: 2}, b: {$switch: request.no, z: 1},"
                    + " c: {$switch: request.no, default: '${work.id}'}, d: {$switch: request.f, 'true': 3}}"))
        .isEqualTo("{\"a\":[1],\"c\":\"a-b\",\"d\":3}");
  }

  @Test
  void times_and_the_tasks_facts_can_be_written() {
    assertThat(
            render(
                "{a: '${task.id}', b: '${task.created_at}', c: '${now}', d: '${now_iso}',"
                    + " e: '${now_text}', f: '${task.elapsed}', g: '${now_seconds}'}"))
        .isEqualTo(
            "{\"a\":\"t\",\"b\":1795428000.000,\"c\":1795428001.500,"
                + "\"d\":\"2026-11-23T10:00:01.500Z\",\"e\":\"2026-11-23 10:00:01\",\"f\":1.500,"
                + "\"g\":1795428001}");
  }

  @Test
  void mistakes_tell_their_place() {
    var mistakes = new Mistakes("x.yaml");
    new ShapeReader(mistakes)
        .shape(
            yaml(
                "{a: '${wrok.url}', b: '${work.url', c: '${work.id:upper}', d: {$each: works}, e: {$eahc: 1}}"),
            "response");

    assertThat(mistakes.faults().stream().map(CatalogFault::toString))
        .anySatisfy(f -> assertThat(f).contains("response.a").contains("did you mean 'work'?"))
        .anySatisfy(f -> assertThat(f).contains("response.b").contains("no '}'"))
        .anySatisfy(f -> assertThat(f).contains("response.c").contains("unknown filter 'upper'"))
        .anySatisfy(f -> assertThat(f).contains("response.d.$each").contains("inside a list"))
        .anySatisfy(
            f -> assertThat(f).contains("response.e.$eahc").contains("did you mean '$each'?"));
  }

  private static String render(String template) {
    var mistakes = new Mistakes("test");
    Shape shape = new ShapeReader(mistakes).shape(yaml(template), "response");
    assertThat(mistakes.faults()).isEmpty();
    var request =
        JsonMapper.shared()
            .readTree("{\"p\":\"hi \\\"you\\\"\",\"p2\":\"y\",\"o\":{\"k\":1},\"f\":true}")
            .asObject();
    return shape.render(new Shape.Context(request, WORKS, "t", "tr", CREATED, NOW)).json();
  }

  private static JsonNode yaml(String text) {
    return Trees.yaml(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }
}
