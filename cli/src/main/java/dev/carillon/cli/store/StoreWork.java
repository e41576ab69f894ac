package dev.carillon.cli.store;

import dev.carillon.cli.Wiring;
import dev.carillon.cli.place.CommandFailure;
import dev.carillon.gateway.Upkeep;
import dev.carillon.gateway.config.Settings;
import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.gateway.store.check.Report;
import dev.carillon.gateway.store.transfer.Backup;
import dev.carillon.gateway.store.transfer.LeapForward;
import dev.carillon.gateway.store.transfer.OwnersFile;
import dev.carillon.gateway.store.transfer.Schema;
import dev.carillon.gateway.store.transfer.StorePlace;
import dev.carillon.gateway.store.transfer.Transfer;
import dev.carillon.gateway.store.transfer.TransferException;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Does what a command asks for, and prints what came of it.
final class StoreWork {
  private static final String STREAM = "-";

  private final Supplier<Settings> settings;
  private final Printed printed;

  /// Where and how it is printed.
  record Printed(PrintWriter out, PrintWriter err, boolean json) {}

  StoreWork(Optional<Path> file, Map<String, String> flags, Printed printed) {
    this.settings = () -> Wiring.settings(file, flags);
    this.printed = printed;
  }

  int check(String other) {
    Report report = guarded(() -> Upkeep.check(place(other, settings.get())));
    if (printed.json) {
      printed.out.println(ReportText.json(report));
    } else {
      ReportText.print(report, printed.out);
    }
    if (report.schema() != report.newest()) {
      throw new CommandFailure(
          CommandFailure.REFUSED,
          report.schema() == 0
              ? "there is no store in " + report.store()
              : "the store is of version %d and this Carillon looks at version %d: 'carillon store migrate'"
                  .formatted(report.schema(), report.newest()));
    }
    return report.isSound() ? 0 : CommandFailure.FAILED;
  }

  int migrate(boolean dryRun) {
    return guarded(() -> {
      StorePlace place = Upkeep.place(settings.get());
      Schema before = Schema.of(place);
      if (!dryRun) {
        Schema.migrate(place);
      }
      tell(dryRun, place, before);
      return 0;
    });
  }

  private void tell(boolean dryRun, StorePlace place, Schema before) {
    if (printed.json) {
      ObjectNode json = object(place);
      json.put("dry_run", dryRun).put("version", before.version()).put("newest", before.newest());
      var scripts = json.putArray("scripts");
      before.pending().forEach(scripts::add);
      printed.out.println(json);
    } else if (before.pending().isEmpty()) {
      printed.out.println(place + " is of the newest version, " + before.newest());
    } else {
      printed.out.println(
          "%s: version %d %s %d"
              .formatted(
                  place, before.version(), dryRun ? "would become" : "became", before.newest()));
      before.pending().forEach(script -> printed.out.println("  " + script));
    }
  }

  int backup(Path to) {
    return guarded(() -> {
      StorePlace place = Upkeep.place(settings.get());
      long bytes = Backup.write(place, to);
      if (printed.json) {
        printed.out.println(object(place).put("file", to.toString()).put("bytes", bytes));
      } else {
        printed.out.println(place + " is copied to " + to + ", " + bytes + " bytes");
      }
      return 0;
    });
  }

  /// What is printed goes to standard error when the store goes to standard output.
  int export(String to) {
    return guarded(() -> {
      StorePlace place = Upkeep.place(settings.get());
      if (to.equals(STREAM)) {
        transfer().export(place, unclosed(System.out));
        System.out.flush();
        return 0;
      }
      Path file = Path.of(to);
      Transfer.Moved moved;
      try (FileChannel channel = OwnersFile.open(file)) {
        moved = exported(place, file, channel);
      } catch (FileAlreadyExistsException there) {
        throw new CommandFailure(
            CommandFailure.REFUSED, file + " is there already: name a new file");
      } catch (IOException failure) {
        throw new StoreUnavailableException("cannot write " + file, failure);
      }
      tell(moved, place, to);
      return 0;
    });
  }

  /// A file that is not whole does not stay.
  private Transfer.Moved exported(StorePlace place, Path file, FileChannel channel)
      throws IOException {
    try {
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel));
      Transfer.Moved moved = transfer().export(place, out);
      out.flush();
      channel.force(true);
      return moved;
    } catch (RuntimeException failure) {
      Files.deleteIfExists(file);
      throw failure;
    }
  }

  private static OutputStream unclosed(OutputStream out) {
    return new FilterOutputStream(out) {
      @Override
      public void write(byte[] bytes, int from, int count) throws IOException {
        out.write(bytes, from, count);
      }

      @Override
      public void close() throws IOException {
        flush();
      }
    };
  }

  int load(String from) {
    return guarded(() -> {
      StorePlace place = Upkeep.place(settings.get());
      try (InputStream in = from.equals(STREAM) ? System.in : Files.newInputStream(Path.of(from))) {
        tell(transfer().load(in, place), place, place.toString());
        remindOfKey();
      } catch (IOException failure) {
        throw new StoreUnavailableException("cannot read " + from, failure);
      }
      return 0;
    });
  }

  int copy(String from, String to) {
    return guarded(() -> {
      Settings known = settings.get();
      StorePlace origin = place(from, known);
      StorePlace destination = Upkeep.place(to, known);
      tell(transfer().copy(origin, destination), origin, destination.toString());
      remindOfKey();
      return 0;
    });
  }

  private static StorePlace place(String named, Settings known) {
    return named.isEmpty() ? Upkeep.place(known) : Upkeep.place(named, known);
  }

  int reopen() {
    return guarded(() -> {
      StorePlace place = Upkeep.place(settings.get());
      Optional<String> where = Transfer.reopen(place);
      if (printed.json) {
        printed.out.println(object(place).put("was_moved_to", where.orElse(null)));
      } else {
        printed.out.println(
            where
                .map(there -> place + " is open again; it was moved to " + there)
                .orElse(place + " was not moved"));
      }
      return 0;
    });
  }

  int restored() {
    return guarded(() -> {
      StorePlace place = Upkeep.place(settings.get());
      LeapForward.run(place);
      printed.out.println(
          printed.json
              ? object(place).toString()
              : "the feeds of " + place + " go on further ahead");
      return 0;
    });
  }

  private Transfer transfer() {
    return new Transfer(
        UUID.randomUUID(),
        line -> {
          if (!printed.json) {
            printed.err.println("carillon: " + line);
            printed.err.flush();
          }
        });
  }

  private void remindOfKey() {
    printed.err.println(
        "carillon: its signing secrets open only with the key of the old gateway: copy secrets.key of its"
            + " data folder to the new one, or, for PostgreSQL, set secrets.key to what it holds");
    printed.err.flush();
  }

  private void tell(Transfer.Moved moved, StorePlace from, String to) {
    if (printed.json) {
      ObjectNode json = object(from).put("to", to).put("rows", moved.total());
      ObjectNode tables = json.putObject("tables");
      moved.rows().forEach(tables::put);
      printed.out.println(json);
    } else {
      printed.out.println("%d rows of %s are now in %s".formatted(moved.total(), from, to));
    }
  }

  private static ObjectNode object(StorePlace place) {
    return JsonNodeFactory.instance.objectNode().put("store", place.toString());
  }

  private static <T> T guarded(Supplier<T> work) {
    try {
      return work.get();
    } catch (TransferException refused) {
      throw new CommandFailure(CommandFailure.REFUSED, message(refused));
    } catch (StoreUnavailableException unreachable) {
      throw new CommandFailure(CommandFailure.UNREACHABLE, message(unreachable));
    }
  }

  private static String message(Exception failure) {
    String what = String.valueOf(failure.getMessage());
    return Optional.ofNullable(failure.getCause())
        .map(Throwable::getMessage)
        .filter(why ->
            !what.contains(why)
                && !(failure instanceof TransferException && what.contains("stop it first")))
        .map(why -> what + ": " + why)
        .orElse(what)
        .replace('\n', ' ');
  }
}
