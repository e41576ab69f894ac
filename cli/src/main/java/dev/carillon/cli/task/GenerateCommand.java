package dev.carillon.cli.task;

import dev.carillon.client.Carillon;
import dev.carillon.client.Submission;
import dev.carillon.client.TaskHandle;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `carillon generate`: makes something and waits for it. Ctrl-C ends the wait, not the task.
@Command(
    name = "generate",
    description = "Make a picture, a song, a video, or whatever an endpoint makes.",
    footer = {
      "",
      "  carillon generate image \"a fox\" -o fox.png",
      "  carillon generate music \"a song about rain\" --service suno -o rain.mp3",
      "  carillon generate kling/videos --set action=text2video --set prompt=\"a fox\" --no-wait"
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class GenerateCommand extends CallerCommand {
  @Parameters(
      index = "0",
      paramLabel = "KIND|SERVICE/ENDPOINT",
      description = "image, music or video; or an endpoint such as flux/images.")
  private String what = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "PROMPT", description = "What to make.")
  private @Nullable String prompt;

  @Option(
      names = "--service",
      paramLabel = "NAME",
      description = "Who makes it (midjourney, suno, veo).")
  private @Nullable String service;

  @Option(names = "--model", paramLabel = "NAME", description = "The service's model or version.")
  private @Nullable String model;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "A field of the request, as text or JSON; may come several times.")
  private List<String> settings = List.of();

  @Mixin private ResultOptions result = new ResultOptions();

  @Option(names = "--no-wait", description = "Print the task's id and end.")
  private boolean noWait;

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description = "Idempotency key: with the same one it is made and paid once (a new one).")
  private @Nullable String key;

  /// Made by the command line's reader.
  public GenerateCommand() {}

  @Override
  int run(Carillon carillon) throws InterruptedException {
    Optional<Kind> kind = Kind.of(what);
    Submission wanted = submission(kind);
    try (var farewell = new Farewell(err(), unsure(wanted.key()))) {
      TaskHandle task = carillon.submit(wanted);
      farewell.words(goesOn(task));
      if (noWait) {
        out().println(json ? Waiter.submitted(task).put("state", "queued").toString() : task.id());
        return 0;
      }
      return new Waiter(out(), err(), json, result).await(task, kind);
    }
  }

  private static String unsure(String key) {
    return "it was perhaps submitted; the same command with --key " + key + " makes it once only.";
  }

  private Submission submission(Optional<Kind> kind) {
    String path = kind.map(this::path).orElse(what).replaceFirst("^/*(v1/)*", "");
    int slash = path.indexOf('/');
    if (slash < 1 || slash == path.length() - 1 || !path.matches("[A-Za-z0-9._/-]+")) {
      throw usage(
          "what to make? Give image, music, video, or an endpoint such as flux/images; it is "
              + what);
    }
    String maker = path.substring(0, slash);
    String endpoint = path.substring(slash + 1);
    ObjectNode body = object();
    if (kind.isPresent()) {
      Kind.action(maker, endpoint).ifPresent(action -> body.put("action", action));
    }
    if (prompt != null) {
      body.put(Kind.promptField(maker, endpoint), prompt);
    }
    if (model != null) {
      body.put(Kind.modelField(maker), model);
    }
    try {
      Fields.put(settings, body);
    } catch (IllegalArgumentException wrong) {
      throw usage(String.valueOf(wrong.getMessage()));
    }
    if (kind.isPresent() && body.isEmpty()) {
      throw usage("make what? Give a prompt, such as: carillon generate " + what + " \"a fox\"");
    }
    Submission wanted = Submission.of(maker, endpoint, body);
    return key == null ? wanted : wanted.withKey(key).again();
  }

  private String path(Kind kind) {
    String maker = Optional.ofNullable(service).orElse(kind.usualService());
    return maker + "/" + kind.endpoint(maker);
  }
}
