package dev.carillon.acceptance.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Short runs of the programs; `acceptance/proof NAME` makes the long ones, and those that have to
/// wait for long. Each prints its seed, and `-Dcarillon.proof.seed=…` repeats it.
@Timeout(600) // seconds; a busy machine starts nodes slowly
final class ProofIT {

  private static void prove(String name, Program program, int tasks, int kills) throws Exception {
    Proof.run(name, program, Options.of(tasks, kills, 40));
  }

  private static void proveOnPostgres(String name, Program program, int tasks, int kills)
      throws Exception {
    assumeTrue(Postgres.isHere(), "PostgreSQL is not installed");
    prove(name, program, tasks, kills);
  }

  @Test
  void a_node_on_sqlite_may_be_killed_at_any_moment() throws Exception {
    prove("kill-sqlite", new KillSqlite(), 240, 3);
  }

  @Test
  void any_of_three_nodes_may_be_killed_at_any_moment() throws Exception {
    proveOnPostgres("kill-nodes", new KillNodes(), 240, 2);
  }

  @ParameterizedTest
  @EnumSource(value = Upstream.Way.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void a_node_may_be_killed_at_each_step_of_the_way_to_a_provider(Upstream.Way way)
      throws Exception {
    prove("upstream-kill", new UpstreamKill(way), 240, 6);
  }

  @Test
  void a_node_that_slept_past_its_lease_changes_nothing_afterwards() throws Exception {
    proveOnPostgres("paused", new Paused(), 240, 1);
  }

  @Test
  void the_database_may_be_killed() throws Exception {
    proveOnPostgres("database-kill", new DatabaseKill(), 240, 2);
  }

  @Test
  void a_synchronous_standby_takes_over() throws Exception {
    proveOnPostgres("failover", new Failover(false), 240, 1);
  }

  @Test
  void strangers_may_take_every_connection() throws Exception {
    proveOnPostgres("storm", new Storm(), 240, 1);
  }

  @Test
  void a_full_disk_is_told_and_survived() throws Exception {
    prove("full-disk", new FullDisk(), 240, 1);
  }

  @Test
  void the_line_to_the_database_may_be_cut() throws Exception {
    proveOnPostgres("network", new Network(), 240, 1);
  }

  @Test
  void clocks_of_nodes_may_be_an_hour_ahead_and_behind() throws Exception {
    proveOnPostgres("clock", new Clock(false), 240, 0);
  }

  @Test
  void nodes_may_be_stopped_and_started_under_load() throws Exception {
    proveOnPostgres("stop-start", new StopStart(), 240, 1);
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
    assertThat(broken(folder, twice("generated"))).anyMatch(line -> line.startsWith("5"));
    assertThat(broken(folder, with("\"state\":\"running\"", "\"state\":\"missing\"")))
        .anyMatch(line -> line.startsWith("6"));
    assertThat(broken(folder, with("heard\",\"cursor\":\"2\"", "heard\",\"cursor\":\"3\"")))
        .anyMatch(line -> line.startsWith("7"));
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
      {"what":"callback","key":"k1","task":"t1","id":"msg_1","bytes":"b","reaction":"Answer"}
      {"what":"final","task":"t1","key":"k1","state":"succeeded","result":"r","text":"/files/job-1.png","held":"0","charged":"1"}
      {"what":"event","cursor":"2","id":"msg_1","type":"task.succeeded","task":"t1"}
      {"what":"balance","spendable":"99","given":"100"}
      """;
}
