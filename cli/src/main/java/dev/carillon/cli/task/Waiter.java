package dev.carillon.cli.task;

import dev.carillon.cli.place.CommandFailure;
import dev.carillon.client.TaskHandle;
import dev.carillon.client.TaskResult;
import dev.carillon.client.TaskSnapshot;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Waits for a task's end, shows how far it is, then saves, shows and prints what came.
///
/// @param json whether to print one JSON object and nothing else on standard output
record Waiter(PrintWriter out, PrintWriter err, boolean json, ResultOptions options) {
  private static final long LARGEST_SHOWN = 32L << 20;

  /// Waits, saves and prints.
  ///
  /// @param kind what was asked for; empty when it is not known
  /// @return the exit code
  int await(TaskHandle handle, Optional<Kind> kind) throws InterruptedException {
    Terminal terminal = Terminal.ofProcess();
    var last = new AtomicReference<TaskSnapshot>();
    TaskResult result;
    try (var progress = new ProgressLine(err, terminal.draws(), System::nanoTime)) {
      result =
          handle
              .onProgress(task -> {
                last.set(task);
                progress.accept(task);
              })
              .await(options.timeout());
    }
    return result.isSuccess()
        ? succeeded(handle, result, kind, terminal.shows())
        : failed(handle, result, last.get());
  }

  private int succeeded(
      TaskHandle handle, TaskResult result, Optional<Kind> kind, Pictures pictures)
      throws InterruptedException {
    List<String> urls = Artifacts.of(result.result(), kind);
    List<Path> files = List.of();
    if (options.output().isPresent()) {
      try (var downloads = new Downloads()) {
        files = downloads.save(urls, options.output().get(), handle.id());
      }
    }
    if (json) {
      out.println(object(handle, result, urls, files));
    } else {
      print(handle, result, urls, files);
      show(urls, files, pictures);
    }
    return 0;
  }

  private void print(TaskHandle handle, TaskResult result, List<String> urls, List<Path> files) {
    if (!files.isEmpty()) {
      files.forEach(out::println);
    } else if (!urls.isEmpty()) {
      urls.forEach(out::println);
    } else {
      out.println(result.result());
      options
          .output()
          .ifPresent(
              file -> err.println("carillon: task %s has no file to save".formatted(handle.id())));
    }
  }

  private void show(List<String> urls, List<Path> files, Pictures pictures)
      throws InterruptedException {
    if (pictures == Pictures.NONE) {
      return;
    }
    List<String> shown = urls.stream().filter(Waiter::isPicture).toList();
    try {
      if (files.isEmpty() && !shown.isEmpty()) {
        Path folder = Files.createTempDirectory("carillon");
        try (var downloads = new Downloads()) {
          for (Path file : downloads.save(shown, folder.resolve("picture"), "picture")) {
            show(file, pictures);
            Files.delete(file);
          }
        } finally {
          Files.deleteIfExists(folder);
        }
      }
      for (Path file : files) {
        show(file, pictures);
      }
    } catch (IOException | CommandFailure unseen) {
      err.println("carillon: it cannot be shown here: " + unseen.getMessage());
    }
  }

  private void show(Path file, Pictures pictures) throws IOException {
    if (Files.size(file) <= LARGEST_SHOWN) {
      byte[] bytes = Files.readAllBytes(file);
      if (pictures.canShow(bytes)) {
        out.print(pictures.escaped(bytes));
      }
    }
  }

  private static boolean isPicture(String url) {
    return List.of(".png", ".jpg", ".jpeg", ".gif").contains(Downloads.extension(url));
  }

  private int failed(TaskHandle handle, TaskResult result, TaskSnapshot last) {
    String code = result.errorCode().orElse("unknown");
    if (json) {
      ObjectNode object = object(handle, result, List.of(), List.of());
      object.put("state", last.state());
      out.println(object);
    }
    String message =
        result.result().at("/error/message").asString(result.result().path("message").asString(""));
    err.println(
        "carillon: task %s %s: %s%s. A failed task costs nothing; `carillon task get %s` tells more."
            .formatted(
                handle.id(),
                last.state(),
                code,
                message.isEmpty() ? "" : ": " + message.replaceFirst("[.!]$", ""),
                handle.id()));
    err.flush();
    return CommandFailure.FAILED;
  }

  private static ObjectNode object(
      TaskHandle handle, TaskResult result, List<String> urls, List<Path> files) {
    ObjectNode object = submitted(handle);
    object.put("state", result.isSuccess() ? "succeeded" : "failed");
    object.set(result.isSuccess() ? "result" : "error", result.result());
    ArrayNode addresses = object.putArray("urls");
    urls.forEach(addresses::add);
    ArrayNode paths = object.putArray("files");
    files.forEach(file -> paths.add(file.toString()));
    return object;
  }

  /// A task of which only the id is known.
  static ObjectNode submitted(TaskHandle handle) {
    ObjectNode object = CallerCommand.object();
    object.put("task_id", handle.id());
    if (!handle.service().isEmpty()) {
      object.put("service", handle.service());
    }
    return object;
  }
}
