package dev.carillon.gateway.upstream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What expressions of a provider's file find, and that each ends.
class ExpressionTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "answer",
        "answer.status",
        "answer.count",
        "answer.share",
        "answer.over",
        "answer.nothing",
        "answer.missing",
        "answer.status.deeper",
        "answer.missing.deeper",
        "answer.nothing.deeper",
        "answer.job",
        "answer.job.id",
        "answer.works",
        "answer.works.url",
        "answer.works.missing",
        "answer.one",
        "answer.one.url",
        "answer.none",
        "answer.none.url",
        "answer.texts",
        "status",
        "missing",
        "in",
        "and.or",
        "_under.score_1",
      })
  void a_path_finds_what_the_library_finds(String path) throws Exception {
    Map<String, Object> answer = new HashMap<>();
    answer.put("status", "done");
    answer.put("count", 3);
    answer.put("share", 0.25);
    answer.put("over", false);
    answer.put("nothing", null);
    answer.put("job", Map.of("id", "j1"));
    answer.put("works", List.of(Map.of("url", "a"), Map.of("url", "b")));
    answer.put("one", List.of(Map.of("url", "a")));
    answer.put("none", List.of());
    answer.put("texts", List.of("a", "b"));
    Map<String, Object> input =
        Map.of("answer", answer, "status", 200, "_under", Map.of("score_1", "x"));

    assertThat(Expression.compile(path).evaluate(input))
        .isEqualTo(Expression.compile("(" + path + ")").evaluate(input));
  }

  @Test
  void a_path_through_an_answer_that_is_a_list_finds_what_its_items_have() throws Exception {
    Map<String, Object> input = Map.of("answer", List.of(Map.of("id", "a"), Map.of("id", "b")));

    assertThat(Expression.compile("answer.id").evaluate(input)).contains(List.of("a", "b"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ($f := function($n){ $f($n + 1) }; $f(1))          | more than 2000000 steps
          true and ($f := function($n){ $f($n + 1) }; $f(1)) | more than 2000000 steps
          ($f := function($n){ 1 + $f($n + 1) }; $f(1))      | more than 200 deep
          """)
  void what_never_ends_is_ended_and_the_reason_told(String text, String reason) throws Exception {
    Expression endless = Expression.compile(text);

    assertThatThrownBy(() -> endless.evaluate(Map.of()))
        .isInstanceOf(Expression.Failure.class)
        .hasMessageContaining(reason);
  }

  /// What a provider lists that keeps tasks for a month.
  @Test
  void a_job_is_found_among_very_many() throws Exception {
    Definition proxy = Definitions.shipped("midjourney-proxy");
    List<Map<String, Object>> tasks = new ArrayList<>();
    for (int task = 0; task < 20_000; task++) {
      tasks.add(Map.of("id", "j" + task, "state", "t" + task, "submitTime", 1_000_000L + task));
    }
    Map<String, Object> input =
        Map.of(
            "answer",
            tasks,
            "status",
            200,
            "task",
            Map.of("id", "t19999", "created_at", "2026-11-26T00:00:00Z"));

    Definition.Find find = proxy.serves().getFirst().plan().find().orElseThrow();
    Expression job = find.job().entrySet().iterator().next().getValue();
    assertThat(job.evaluate(input)).contains("j19999");
    assertThat(find.absence().orElseThrow().said().holds(input)).isFalse();
  }

  /// As when thousands of jobs are looked at: each thread has long to wait for a processor.
  @Test
  void none_of_very_many_at_once_fails_because_it_had_to_wait() throws Exception {
    Expression sum = Expression.compile("$sum([1..1000].($ * 2)) & answer.status");
    Map<String, Object> input = Map.of("answer", Map.of("status", "running"));
    List<Callable<Object>> all = new ArrayList<>();
    for (int look = 0; look < 5_000; look++) {
      all.add(() -> sum.text(input).orElseThrow());
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Object> one : threads.invokeAll(all)) {
        assertThat(one.get()).isEqualTo("1001000running");
      }
    }
  }
}
