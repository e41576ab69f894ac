package dev.carillon.bench.peers;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// The program of one peer. It is told what to do by lines: `enqueue SECONDS CALLERS` for jobs that
/// are due in hours, `work SECONDS CALLERS` for jobs that are due at once and call the sink, and
/// `drain` until all of those were called. `hold` and `tell` are the same for orders with what ours
/// promise: a price held, a result kept and settled once, and a job of its own that calls the sink.
/// To each it answers `peer: NUMBER SECONDS`, the jobs enqueued and the time that took; what else
/// it prints is passed over. At its start it answers with the port where it takes orders by HTTP.
final class Peer implements AutoCloseable {
  private static final String ANSWER = "peer: ";
  private static final int END_SECONDS = 10;

  private final String name;
  private final Process process;
  private final BufferedReader said;
  private final BufferedWriter told;

  private InetSocketAddress door = new InetSocketAddress(0);

  private Peer(String name, Process process) {
    this.name = name;
    this.process = process;
    this.said = process.inputReader();
    this.told = process.outputWriter();
  }

  /// What a peer did.
  record Answer(long jobs, double seconds) {
    double perSecond() {
      return jobs / seconds;
    }
  }

  /// Starts a program, and waits until it is ready.
  ///
  /// @param errors where its errors go
  static Peer start(String name, List<String> command, Path folder, Path errors)
      throws IOException {
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
    var peer = new Peer(name, builder.start());
    try {
      int port = Math.toIntExact(peer.answer().jobs());
      peer.door = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      return peer;
    } catch (IOException failure) {
      peer.close();
      throw failure;
    }
  }

  /// Where it takes orders by HTTP.
  InetSocketAddress door() {
    return door;
  }

  Answer ask(String what, Duration time, int callers) throws IOException {
    return ask(String.format(Locale.ROOT, "%s %.1f %d", what, time.toMillis() / 1e3, callers));
  }

  /// Waits until it has called all.
  void drain() throws IOException {
    var _ = ask("drain");
  }

  private Answer ask(String line) throws IOException {
    told.write(line);
    told.newLine();
    told.flush();
    return answer();
  }

  private Answer answer() throws IOException {
    for (var line = said.readLine(); line != null; line = said.readLine()) {
      if (line.startsWith(ANSWER)) {
        var words = line.substring(ANSWER.length()).split(" ", -1);
        return new Answer(Long.parseLong(words[0]), Double.parseDouble(words[1]));
      }
    }
    throw new IOException(name + " ended before it answered");
  }

  @Override
  public void close() throws IOException {
    try {
      told.close();
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (IOException _) {
      process.destroyForcibly();
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    said.close();
  }
}
