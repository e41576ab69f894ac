package dev.carillon.gateway.upstream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.carillon.gateway.upstream.DefinitionException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is told about mistakes in definition files: file, line and reason, all at once.
class DefinitionReaderTest {
  private static final String GOOD =
      """
      name: demo
      source: a page
      checked: "2026-11-26"
      base-url: https://api.example.com
      keys: {key: DEMO_KEY}
      submit:
        path: /jobs
        body: |
          {"prompt": request.prompt,
           "n": request.count}
        job: {id: answer.id}
      poll: {path: "/jobs/{job.id}"}
      state: answer.status
      words: {done: [ready]}
      works: '{"url": answer.url}'
      serves:
        - endpoint: /flux/images
      """;

  @TempDir Path folder;

  private static List<String> faults(String content) {
    return catchThrowableOfType(
            DefinitionException.class, () -> DefinitionReader.read("demo.yaml", content))
        .faults();
  }

  @Test
  void a_good_file_is_read() {
    assertThat(DefinitionReader.read("demo.yaml", GOOD).serves()).hasSize(1);
  }

  @Test
  void an_unknown_key_is_told_with_its_line_and_what_was_meant() {
    assertThat(faults(GOOD.replace("state:", "stat:")))
        .contains("demo.yaml:13: unknown key 'stat'; did you mean 'state'?");
  }

  @Test
  void a_mistake_in_an_expression_is_told_with_the_line_within_it() {
    assertThat(faults(GOOD.replace("\"n\": request.count", "\"n\": request.(")))
        .singleElement()
        .asString()
        .startsWith("demo.yaml:10: body: ");
  }

  @Test
  void all_mistakes_are_told_at_once() {
    String wrong =
        GOOD.replace("key: DEMO_KEY", "key: demo")
            .replace("https://api", "ftp://api")
            .replace("done:", "don:");

    assertThat(faults(wrong))
        .contains(
            "demo.yaml:5: keys: write the name of an environment variable",
            "demo.yaml:4: base-url: write an http or https address",
            "demo.yaml:14: unknown key 'don' in words; did you mean 'done'?")
        .hasSizeGreaterThanOrEqualTo(3);
  }

  @Test
  void what_is_no_yaml_is_told_with_its_line() {
    assertThat(faults("name: demo\n  source: [\n"))
        .singleElement()
        .asString()
        .contains("demo.yaml:");
    assertThat(faults("name: a\nname: b\n"))
        .containsExactly("demo.yaml:2: the key 'name' stands here twice");
  }

  @Test
  void a_job_that_is_polled_needs_both_halves() {
    assertThat(faults(GOOD.replace("  job: {id: answer.id}\n", "")))
        .anyMatch(fault -> fault.contains("needs submit.job and poll"));
  }

  @Test
  void the_successor_of_a_model_is_a_model() {
    String models = GOOD + "    models: {old: {name: o, retired: 2026-01-01, successor: nex}}\n";

    assertThat(faults(models))
        .containsExactly("demo.yaml:18: models: the successor of 'old' is not listed");
  }

  @Test
  void a_mistake_in_the_operators_folder_stops_the_start() throws Exception {
    Files.writeString(folder.resolve("demo.yaml"), GOOD.replace("works:", "work:"));

    var stopped =
        catchThrowableOfType(
            DefinitionException.class, () -> Definitions.all(Optional.of(folder), Map.of()));

    assertThat(stopped).hasMessageContaining("demo.yaml:15: unknown key 'work'");
  }

  @Test
  void expressions_end_in_time_and_reach_nothing() throws Exception {
    Expression endless = Expression.compile("($f := function($n) { $f($n + 1) }; $f(0))");
    Expression wide = Expression.compile("$count([1..5000000].[1..1000])");

    long before = System.nanoTime();
    assertThat(catchThrowableOfType(Expression.Failure.class, () -> endless.evaluate(Map.of())))
        .isNotNull();
    assertThat(catchThrowableOfType(Expression.Failure.class, () -> wide.evaluate(Map.of())))
        .isNotNull();
    assertThat(System.nanoTime() - before).isLessThan(20_000_000_000L);
  }

  @Test
  void one_expression_serves_many_threads() throws Exception {
    Expression one =
        Expression.compile("$sum(answer.list.$map($, function($v) { $v + $$.answer.add }))");

    var wrong = new ConcurrentLinkedQueue<Object>();
    try (var scope = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int thread = 0; thread < 200; thread++) {
        int add = thread;
        var _ =
            scope.submit(() -> {
              var input = Map.of("answer", Map.of("list", List.of(1, 2, 3), "add", add));
              Object sum = one.evaluate(input).orElse("");
              if (((Number) sum).intValue() != 6 + 3 * add) {
                wrong.add(sum);
              }
            });
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void addresses_of_a_provider_stay_on_listed_hosts() {
    var hosts = new Hosts(URI.create("http://10.0.0.5:8188"), List.of("*.cdn.example", "*"));
    assertThat(hosts.allowCall(URI.create("http://10.0.0.5:8188/x"))).isTrue();
    assertThat(hosts.allowCall(URI.create("http://10.0.0.5:9000/x"))).isFalse();
    assertThat(hosts.allowCall(URI.create("https://a.cdn.example/x"))).isTrue();
    assertThat(hosts.allowCall(URI.create("http://a.cdn.example/x"))).isFalse();
    assertThat(hosts.allowCall(URI.create("https://evilcdn.example/x"))).isFalse();
    assertThat(hosts.allowCall(URI.create("https://other.example/x"))).isFalse();
    assertThat(hosts.allowResult(URI.create("https://other.example/x"))).isTrue();
    assertThat(hosts.allowResult(URI.create("file:///etc/passwd"))).isFalse();
    assertThat(hosts.allowResult(URI.create("https://u:p@other.example/x"))).isFalse();
  }
}
