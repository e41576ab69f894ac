package dev.carillon.bench.caller;

import dev.carillon.client.Carillon;
import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Programs that use the SDK, each in a process of its own.
public final class Programs {
  private static final int MOST_ORDERS = 1_000_000;
  private static final int LONGEST_LIFE_MILLIS = 1_500;
  private static final int HANDLES_MILLIS = 45_000;
  private static final Pattern AWAITED = Pattern.compile("awaited (\\d+) open (\\d+) mb (\\d+)");

  private final Place place;
  private final Path folder;

  /// @param folder an empty one, for journals
  public Programs(Place place, Path folder) {
    this.place = place;
    this.folder = folder;
  }

  private Process start(Class<?> program, String... words) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                System.getProperty("carillon.java", "java"),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx96m",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName(),
                place.url(),
                place.token()));
    command.addAll(List.of(words));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /// Awaits so many handles at once and says with how much memory.
  public String handles(int count) throws IOException, InterruptedException {
    Process program = start(Handles.class, "" + count, "" + HANDLES_MILLIS);
    String said =
        new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    program.waitFor();
    var awaited = AWAITED.matcher(said);
    if (!awaited.find()) {
      throw new IOException("the program said " + said);
    }
    return String.format(
        Locale.ROOT,
        "%,d awaited, %,d of them open at once, in %s MB at most",
        Integer.parseInt(awaited.group(1)),
        Integer.parseInt(awaited.group(2)),
        awaited.group(3));
  }

  /// Kills a buying program so often, lets it end, and counts at the gateway.
  public String kills(int kills) throws IOException, InterruptedException {
    var random = new Random();
    for (int i = 0; i < kills; i++) {
      Process program = start(Buyer.class, folder.toString(), "" + MOST_ORDERS);
      try (BufferedReader said = program.inputReader()) {
        if (!"begins".equals(said.readLine())) {
          throw new IOException("the program did not begin: " + said.readLine());
        }
        LockSupport.parkNanos(random.nextInt(LONGEST_LIFE_MILLIS) * 1_000_000L);
      } finally {
        program.destroyForcibly().waitFor();
      }
    }
    int orders = begun();
    Process last = start(Buyer.class, folder.toString(), "" + orders);
    String said = new String(last.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (last.waitFor() != 0) {
      throw new IOException("the program did not end: " + said);
    }
    return counted(kills, orders);
  }

  /// How many orders have a result or stand in the journal: they are begun in their order.
  private int begun() throws IOException {
    Set<String> keys = new HashSet<>(Buyer.done(folder.resolve("results.txt")));
    var key = Pattern.compile("order-\\d+");
    var inJournal = key.matcher(Files.readString(folder.resolve("journal.jsonl")));
    while (inJournal.find()) {
      keys.add(inJournal.group());
    }
    return keys.size();
  }

  private String counted(int kills, int orders) throws IOException, InterruptedException {
    Set<String> done = Buyer.done(folder.resolve("results.txt"));
    Carillon carillon = place.carillon();
    int tasks = 0;
    int charged = 0;
    Set<String> prompts = new HashSet<>();
    String before = "";
    do {
      JsonNode page = carillon.get("/v1/tasks?limit=100" + before);
      for (JsonNode task : page.path("items")) {
        tasks++;
        BigDecimal price = new BigDecimal(task.at("/charge/charged").asString("0"));
        charged += price.signum();
        prompts.add(task.path("idempotency_key").asString(task.path("id").asString("")));
      }
      String next = page.path("next").asString("");
      before = next.isEmpty() ? "" : "&before=" + next;
    } while (!before.isEmpty());
    return String.format(
        Locale.ROOT,
        "%d kills, %,d orders: %d lost, %d made twice; %,d tasks at the gateway, %,d charged",
        kills,
        orders,
        orders - done.size(),
        tasks - prompts.size() + Math.max(0, tasks - orders),
        tasks,
        charged);
  }
}
