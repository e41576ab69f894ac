package dev.carillon.acceptance.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// Short runs of some programs, together under three minutes on a quiet machine; `acceptance/proof
/// NAME` makes the others and the long ones. Each prints its seed, and `-Dcarillon.proof.seed=…`
/// repeats it.
@Timeout(600) // seconds; a busy machine starts nodes slowly
@Isolated("the harm done here is measured, and takes both cores")
final class ProofIT {
  /// More are sent until all harm is done.
  private static final int TASKS = 120;

  private static final int RATE = 40; // a second, at most

  private static void prove(String name, Program program, int kills) throws Exception {
    Optional<String> missing = program.missing();
    assumeTrue(missing.isEmpty(), () -> "left out: " + missing.orElse(""));
    Proof.run(name, program, Options.of(TASKS, kills, RATE));
  }

  @Test
  void a_node_on_sqlite_may_be_killed_at_any_moment() throws Exception {
    prove("kill-sqlite", new KillSqlite(), 2);
  }

  @Test
  void any_of_three_nodes_may_be_killed_at_any_moment() throws Exception {
    prove("kill-nodes", new KillNodes(), 1);
  }

  @Test
  void a_node_may_be_killed_at_each_step_of_the_way_to_a_provider() throws Exception {
    prove("upstream-kill-find", new UpstreamKill(Upstream.Way.FIND), 6);
  }

  @Test
  void a_node_that_slept_past_its_lease_changes_nothing_afterwards() throws Exception {
    prove("paused", new Paused(), 1);
  }

  @Test
  void a_synchronous_standby_takes_over() throws Exception {
    prove("failover", new Failover(false), 1);
  }

  @Test
  void a_full_disk_is_told_and_survived() throws Exception {
    prove("full-disk", new FullDisk(), 1);
  }

  @Test
  void clocks_of_nodes_may_be_an_hour_ahead_and_behind() throws Exception {
    prove("clock", new Clock(false), 0);
  }

  /// A checker that finds nothing proves nothing: it is shown a clean history, and then each kind
  /// of harm that could be done to it.
  @Test
  void the_checker_finds_what_is_broken(@TempDir Path folder) throws Exception {
    assertThat(broken(folder, List::of)).isEmpty();
    assertThat(broken(folder, without("final"))).anyMatch(line -> line.startsWith("1"));
    assertThat(broken(folder, twice("event"))).anyMatch(line -> line.startsWith("2"));
    assertThat(broken(folder, with("\"spendable\":\"99\"", "\"spendable\":\"98\"")))
        .anyMatch(line -> line.startsWith("3"));
    assertThat(broken(folder, without("callback"))).anyMatch(line -> line.startsWith("4"));
    assertThat(broken(folder, with("\"status\":200", "\"status\":500")))
        .anyMatch(line -> line.startsWith("4"));
    assertThat(broken(folder, twice("generated"))).anyMatch(line -> line.startsWith("5"));
    assertThat(broken(folder, with("\"state\":\"running\"", "\"state\":\"missing\"")))
        .anyMatch(line -> line.startsWith("6"));
    assertThat(broken(folder, with("heard\",\"cursor\":\"2\"", "heard\",\"cursor\":\"3\"")))
        .anyMatch(line -> line.startsWith("7"));
    assertThat(broken(folder, with("store\",\"status\":0", "store\",\"status\":1")))
        .anyMatch(line -> line.startsWith("9"));
    assertThat(broken(folder, without("store"))).anyMatch(line -> line.startsWith("9"));
  }

  /// A change of a history, line by line.
  private interface Harm {
    List<String> of(String line);
  }

  private static Harm without(String what) {
    return line -> line.contains("\"what\":\"" + what + "\"") ? List.of() : List.of(line);
  }

  private static Harm twice(String what) {
    return line -> line.contains("\"what\":\"" + what + "\"") ? List.of(line, line) : List.of(line);
  }

  private static Harm with(String text, String other) {
    return line -> List.of(line.replaceFirst(Pattern.quote(text), other));
  }

  private static List<String> broken(Path folder, Harm harm) throws Exception {
    List<String> lines = CLEAN.lines().flatMap(line -> harm.of(line).stream()).toList();
    Path file = Files.write(folder.resolve("history.ndjson"), lines);
    return Checker.brokenIn(file);
  }

  private static final String CLEAN =
      """
      {"what":"sent","key":"k1","kind":"UPSTREAM"}
      {"what":"accepted","key":"k1","task":"t1"}
      {"what":"generated","task":"t1","job":"job-1"}
      {"what":"read","reader":0,"task":"t1","node":0,"state":"running","result":"-"}
      {"what":"heard","cursor":"2","id":"msg_1"}
      {"what":"callback","key":"k1","task":"t1","id":"msg_1","bytes":"b","status":200}
      {"what":"final","task":"t1","key":"k1","state":"succeeded","result":"r","text":"/files/job-1.png","held":"0","charged":"1"}
      {"what":"event","cursor":"2","id":"msg_1","type":"task.succeeded","task":"t1"}
      {"what":"balance","spendable":"99","given":"100"}
      {"what":"store","status":0}
      """;
}
