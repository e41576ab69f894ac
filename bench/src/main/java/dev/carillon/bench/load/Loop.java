package dev.carillon.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// A closed loop: each of its keep-alive connections sends a request, waits for the answer, and
/// sends the next. One thread drives all of them.
public final class Loop implements AutoCloseable {
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(5);
  private static final int CONNECT_PAUSE_EVERY = 200;

  private final List<InetSocketAddress> servers;
  private final Dialogue dialogue;
  private final Selector selector;
  private final Queue<Line> idle = new ArrayDeque<>();
  private int waiting;
  private long broken;

  public Loop(InetSocketAddress server, Dialogue dialogue) throws IOException {
    this(List.of(server), dialogue);
  }

  /// @param servers the connections are spread over, in turn
  public Loop(List<InetSocketAddress> servers, Dialogue dialogue) throws IOException {
    this.servers = servers;
    this.dialogue = dialogue;
    this.selector = Selector.open();
  }

  /// One connection and the answer it waits for.
  private static final class Line {
    final int number;
    final Message answer = new Message();
    SocketChannel channel;
    long askedAt;

    Line(int number, SocketChannel channel) {
      this.number = number;
      this.channel = channel;
    }
  }

  /// Opens connections; each begins to ask in [#run].
  public void connect(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      var line = new Line(i, open(i));
      line.channel.register(selector, SelectionKey.OP_READ, line);
      idle.add(line);
      if (i % CONNECT_PAUSE_EVERY == CONNECT_PAUSE_EVERY - 1) {
        // Gives the server's accepting thread time, so that its backlog does not overflow.
        LockSupport.parkNanos(2_000_000);
      }
    }
  }

  private SocketChannel open(int number) throws IOException {
    var channel = SocketChannel.open(servers.get(number % servers.size()));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    return channel;
  }

  /// Asks and hears for this long, then hears what is still to come for some seconds.
  ///
  /// @param done ends the run before its time
  public void run(Duration time, BooleanSupplier done) throws IOException {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end && !done.getAsBoolean()) {
      askIdle();
      hear(idle.isEmpty() ? 50 : 1, true);
    }
    long last = System.nanoTime() + LAST_ANSWERS.toNanos();
    while (waiting > 0 && System.nanoTime() < last) {
      hear(50, false);
    }
  }

  /// Requests that wait for their answer.
  public int waiting() {
    return waiting;
  }

  /// Connections that the server closed.
  public long broken() {
    return broken;
  }

  private void askIdle() throws IOException {
    for (int i = idle.size(); i > 0; i--) {
      var line = idle.remove();
      if (!ask(line)) {
        idle.add(line);
      }
    }
  }

  private boolean ask(Line line) throws IOException {
    var request = dialogue.ask(line.number);
    if (request.length == 0) {
      return false;
    }
    line.answer.clear();
    line.askedAt = System.nanoTime();
    var bytes = ByteBuffer.wrap(request);
    while (bytes.hasRemaining()) {
      line.channel.write(bytes);
    }
    waiting++;
    return true;
  }

  private void hear(long timeoutMillis, boolean goOn) throws IOException {
    selector.select(timeoutMillis);
    var ready = selector.selectedKeys();
    for (var key : ready) {
      if (key.attachment() instanceof Line line) {
        read(line, goOn);
      }
    }
    ready.clear();
  }

  private void read(Line line, boolean goOn) throws IOException {
    int count = count(line);
    if (count < 0) {
      reopen(line);
      return;
    }
    line.answer.arrived(count);
    if (line.answer.isWhole()) {
      waiting--;
      dialogue.hear(line.number, line.answer, System.nanoTime() - line.askedAt);
      if (!goOn || !ask(line)) {
        idle.add(line);
      }
    }
  }

  private static int count(Line line) {
    try {
      return line.channel.read(line.answer.room());
    } catch (IOException _) {
      return -1;
    }
  }

  private void reopen(Line line) throws IOException {
    broken++;
    waiting--;
    line.channel.close();
    line.channel = open(line.number);
    line.channel.register(selector, SelectionKey.OP_READ, line);
    idle.add(line);
  }

  @Override
  public void close() throws IOException {
    for (var key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }

  /// What the connections of a [Loop] say and hear. All methods run on the loop's one thread.
  public interface Dialogue {
    /// Says nothing for now; the connection is asked again soon.
    byte[] NOTHING = {};

    /// The next request of a connection.
    ///
    /// @return the bytes to send, or [#NOTHING]
    byte[] ask(int connection);

    /// Hears a whole answer.
    ///
    /// @param answer valid until this returns
    /// @param tookNanos from sending the request to the last byte of the answer
    void hear(int connection, Message answer, long tookNanos);
  }
}
