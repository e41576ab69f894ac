package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The tree of commands, and what is said about a command line that means nothing.
final class CommandLineTest {
  private record Ended(int code, String out, String err) {}

  private static Ended run(String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    int code =
        Main.commandLine(arguments)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Ended(code, out.toString(), err.toString());
  }

  @Test
  void a_command_that_is_read_alone_is_the_one_of_its_name() {
    for (String name : Main.commandLine().getSubcommands().keySet()) {
      CommandLine alone = Main.commandLine(name);

      CommandLine read = named(alone, name);
      assertThat(read.getCommandSpec().userObject().getClass().getSimpleName())
          .isEqualToIgnoringCase(name + "Command");
      for (var verb : read.getSubcommands().entrySet()) {
        var again = named(named(Main.commandLine(name, verb.getKey()), name), verb.getKey());
        assertThat(again.getCommandSpec().userObject())
            .hasSameClassAs(verb.getValue().getCommandSpec().userObject());
      }
    }
    assertThat(Main.commandLine("task", "get").getSubcommands()).hasSize(1);
  }

  @Test
  void a_command_that_is_written_out_takes_what_annotated_ones_take() {
    CommandLine written = named(named(Main.commandLine("task", "get"), "task"), "get");
    CommandLine annotated = named(named(Main.commandLine("task", "cancel"), "task"), "cancel");

    assertThat(written.getHelp().optionList()).isEqualTo(annotated.getHelp().optionList());
    assertThat(written.getHelp().parameterList()).isEqualTo(annotated.getHelp().parameterList());
  }

  @Test
  void the_version_is_told_wherever_it_is_asked_for() {
    assertThat(run("task", "get", "--version").out).startsWith("carillon ");
    assertThat(run("store", "check", "--version").out).isEqualTo(run("--version").out);
  }

  @Test
  void a_file_that_is_not_there_is_named_as_such() {
    Ended ended = run("provider", "check", "no-such-file.yaml");

    assertThat(ended.code).isEqualTo(1);
    assertThat(ended.err).contains("there is no file no-such-file.yaml");
    assertThat(run("batch", "none.jsonl", "--token", "t").err)
        .startsWith("carillon: there is no file none.jsonl; write one");
  }

  @Test
  void a_noun_alone_is_asked_for_its_verb() {
    assertThat(run("task").err).startsWith("carillon: task: which command? `carillon task --help`");
    assertThat(run("store").err).startsWith("carillon: store: which command?");
  }

  @Test
  void every_command_prints_json_but_those_that_print_no_data() {
    List<String> without = new ArrayList<>();
    collect(Main.commandLine(), "", without);

    assertThat(without).containsExactlyInAnyOrder("serve", "completion", "train");
  }

  private static CommandLine named(CommandLine noun, String name) {
    return Optional.ofNullable(noun.getSubcommands().get(name)).orElseThrow();
  }

  private static void collect(CommandLine command, String path, List<String> without) {
    for (var entry : command.getSubcommands().entrySet()) {
      String name = (path + " " + entry.getKey()).strip();
      if (!entry.getValue().getSubcommands().isEmpty()) {
        collect(entry.getValue(), name, without);
      } else if (entry.getValue().getCommandSpec().findOption("--json") == null) {
        without.add(name);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "unknown",
        "task",
        "task gte",
        "task get",
        "task get x --wat",
        "task list --limit many",
        "generate",
        "callback show",
        "batch",
        "listen",
        "token"
      })
  void what_means_nothing_is_told_in_one_line_that_leads_on(String line) {
    Ended ended = run(line.isEmpty() ? new String[0] : line.split(" "));

    assertThat(ended.code).isEqualTo(2);
    assertThat(ended.err.strip().lines()).hasSize(1);
    assertThat(ended.err).startsWith("carillon: ").contains("--help");
    assertThat(ended.out).isEmpty();
  }

  @Test
  void a_program_that_asked_for_json_gets_it_then_too() {
    Ended ended = run("task", "list", "--limit", "many", "--json");

    JsonNode json = new JsonMapper().readTree(ended.out);
    assertThat(json.at("/error/exit_code").intValue()).isEqualTo(2);
    assertThat(json.at("/error/message").asString()).contains("--limit");
  }

  @Test
  void a_word_that_was_nearly_right_is_set_right() {
    assertThat(run("generat", "image").err).contains("did you mean 'generate'?");
  }

  @Test
  void the_configuration_is_printed_as_json_too() {
    JsonNode keys = new JsonMapper().readTree(run("config", "--json").out).path("items");

    assertThat(keys.valueStream().map(key -> key.path("key").asString("")))
        .contains("port", "data");
    assertThat(keys.get(0).has("default")).isTrue();
  }
}
