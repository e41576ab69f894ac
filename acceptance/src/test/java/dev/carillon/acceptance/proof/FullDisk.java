package dev.carillon.acceptance.proof;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// A node on SQLite, whose data stands on a small disk that strangers fill to the last byte and
/// free again. Needs the right to mount.
final class FullDisk implements Program {
  private static final String SIZE = "size=96m";
  private static final int BLOCK = 4096;

  @Override
  public Optional<String> missing() {
    try {
      Path trial = Files.createTempDirectory("carillon-proof-");
      boolean mounts = mount(trial);
      if (mounts) {
        Command.run("umount", trial.toString());
      }
      Files.delete(trial);
      return mounts ? Optional.empty() : Optional.of("a small disk cannot be mounted here");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean mount(Path folder) {
    return Command.succeeds("mount", "-t", "tmpfs", "-o", SIZE, "tmpfs", folder.toString());
  }

  @Override
  public void run(Run run) throws Exception {
    Path data = Files.createDirectories(run.folder().resolve("node-0/data"));
    if (!mount(data)) {
      throw new AssertionError("a small disk cannot be mounted on " + data);
    }
    try (House house = new House(run).with("CARILLON_ASSET_COPY", "false").nodes(1, "")) {
      try (Load load = new Load(house).start()) {
        fill(house, load, data);
        load.awaitSent();
      }
      Afterwards.check(house);
      judge(run);
    } finally {
      Command.run("umount", "--lazy", data.toString());
    }
  }

  private static void fill(House house, Load load, Path data) throws IOException {
    Run run = house.run();
    Random random = run.random(1);
    List<Long> back = new ArrayList<>();
    while (load.needsHarm()) {
      Run.pass(500 + random.nextInt(2_000));
      Path ballast = data.resolve("ballast");
      run.history().note("full");
      long until = System.nanoTime() + 3_000_000_000L + random.nextInt(2_000) * 1_000_000L;
      while (System.nanoTime() < until) {
        fill(ballast);
        Run.pass(20);
      }
      Files.delete(ballast);
      run.history().note("free");
      back.add(Recovery.millis(load));
      load.harmed();
    }
    run.say(
        ("filled %d times, tasks were accepted again after %d ms (median), %d ms (worst); accepted"
                + " %d, not answered %d")
            .formatted(
                back.size(),
                Figures.median(back),
                Figures.worst(back),
                load.accepted(),
                load.unanswered()));
  }

  /// Takes what is free, and what somebody gave back meanwhile.
  private static void fill(Path ballast) {
    var block = new byte[BLOCK];
    try (OutputStream out =
        Files.newOutputStream(
            ballast,
            java.nio.file.StandardOpenOption.CREATE,
            java.nio.file.StandardOpenOption.APPEND)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      if (!Files.exists(ballast)) {
        throw new UncheckedIOException(full);
      }
    }
  }

  /// While the disk was full every refusal was 503 with `Retry-After`, and there were some.
  private static void judge(Run run) throws IOException {
    var others = new ArrayList<String>();
    var clear = new ArrayList<String>();
    History.each(
        run.history().file(),
        line -> {
          if (line.path("what").asString().equals("refused")) {
            boolean isClear =
                line.path("status").asInt() == 503 && !line.path("retry").asString().isEmpty();
            (isClear ? clear : others).add(line.toString());
          }
        });
    run.say(
        "%d refusals were 503 with Retry-After, %d were not"
            .formatted(clear.size(), others.size()));
    if (!others.isEmpty()) {
      throw new AssertionError(
          "unclear refusals: " + others.subList(0, Math.min(5, others.size())));
    }
    if (clear.isEmpty()) {
      throw new AssertionError("the disk was never full");
    }
  }
}
