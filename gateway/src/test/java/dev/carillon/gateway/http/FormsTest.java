package dev.carillon.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What needs no server: events, lines, preferences, routes.
final class FormsTest {

  @Test
  void no_text_can_forge_an_event() {
    assertThat(Sse.event("1\n2", "a\r\nb", "x\r\ny\rz\nid: 9\n\nevent: e"))
        .isEqualTo(
            """
            id: 12
            event: ab
            data: x
            data: y
            data: z
            data: id: 9
            data:\s
            data: event: e

            """);
    assertThat(Sse.comment("a\nb")).isEqualTo(": a\n: b\n\n");
    assertThat(Sse.event("", "", "")).isEqualTo("data:\n\n");
    assertThat(Sse.retry(Duration.ofSeconds(2))).isEqualTo("retry: 2000\n\n");
  }

  @Test
  void preferences_are_read_as_rfc_7240_says() {
    assertThat(Preferences.parse("respond-async, wait=10"))
        .isEqualTo(new Preferences(true, Optional.of(Duration.ofSeconds(10))));
    assertThat(Preferences.parse("Wait = \"20\"; foo=bar, wait=5, handling=lenient"))
        .isEqualTo(new Preferences(false, Optional.of(Duration.ofSeconds(20))));
    assertThat(Preferences.parse("wait=-1, wait=x, wait=, ,,;=,respond-asyncx"))
        .isEqualTo(Preferences.NONE);
    assertThat(Preferences.parse("wait=99999999999999999999")).isEqualTo(Preferences.NONE);
  }

  @Test
  void applied_preferences_are_told() {
    var reply = Reply.json("{}");

    assertThat(Preferences.appliedAsync(reply).headers())
        .containsEntry("Preference-Applied", "respond-async");
    assertThat(Preferences.appliedWait(reply, Duration.ofSeconds(7)).headers())
        .containsEntry("Preference-Applied", "wait=7");
  }

  @Test
  void a_static_path_wins_over_a_pattern_and_earlier_patterns_over_later_ones() {
    Handler handler = _ -> Reply.empty(204);
    var routes =
        new Routes()
            .get("/tasks/{id}", handler)
            .get("/{service}/tasks", handler)
            .get("/tasks/all", handler)
            .get("/docs/{file...}", handler);

    assertThat(pattern(routes, "/tasks/all")).isEqualTo("/tasks/all");
    assertThat(pattern(routes, "/tasks/tasks")).isEqualTo("/tasks/{id}");
    assertThat(pattern(routes, "/suno/tasks")).isEqualTo("/{service}/tasks");
    assertThat(pattern(routes, "/docs/a/b")).isEqualTo("/docs/{file...}");
    assertThat(routes.match("/docs")).isEmpty();
    assertThat(routes.match("/tasks/1/2")).isEmpty();
    assertThat(routes.all()).contains("GET /docs/{file...}", "GET /tasks/all");
  }

  @Test
  void a_route_is_taken_once_and_has_to_be_normalised() {
    Handler handler = _ -> Reply.empty(204);
    var routes = new Routes().get("/a", handler);

    assertThatThrownBy(() -> routes.get("/a", handler))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("GET /a");
    assertThatThrownBy(() -> routes.get("/v1/a", handler))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String pattern(Routes routes, String path) {
    return routes.match(path).orElseThrow().route().pattern();
  }
}
