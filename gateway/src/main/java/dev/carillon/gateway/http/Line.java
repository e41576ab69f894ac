package dev.carillon.gateway.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http1.Http1Connection;
import io.helidon.webserver.spi.ServerConnection;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// One client connection around Helidon's, for three things Helidon alone does not do: tell whether
/// the client hung up while a request waits, send interim answers, and close without cutting off an
/// answer that the client has not read yet.
///
/// All but [#close] and [#cutIfSlow] belongs to the connection's own thread.
final class Line implements ServerConnection, InterruptableTask<Void> {
  private static final ScopedValue<Line> CURRENT = ScopedValue.newInstance();
  private static final Duration LINGER = Duration.ofSeconds(1);
  private static final long LINGER_BYTES = 16L * 1024 * 1024;

  private final ConnectionContext context;
  private final Http1Connection inner;
  private @Nullable FutureTask<byte[]> watch;
  private final Lines lines;
  private volatile long begunAt; // nanoseconds; 0 while no request arrives
  private volatile long allowedNanos; // how long this request may take, where that is longer
  private boolean lingering;

  Line(ConnectionContext context, Lines lines, LineSelector.Inner inner) {
    this.lines = lines;
    this.context = context;
    this.inner = inner.connection(new LineContext(context, this::read));
  }

  /// The connection whose request this thread handles.
  static Optional<Line> current() {
    return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
  }

  /// True when the client is known to have hung up. The first question starts a read ahead on a
  /// virtual thread of its own, whose bytes the next request gets; it costs nothing while it waits.
  boolean gone() {
    return isOver(ahead());
  }

  /// The same question for other threads; until the next request arrives its answer is right.
  BooleanSupplier hangUp() {
    FutureTask<byte[]> ahead = ahead();
    return () -> isOver(ahead);
  }

  private FutureTask<byte[]> ahead() {
    var ahead = watch;
    if (ahead == null) {
      ahead = new FutureTask<>(this::readSocket);
      watch = ahead;
      Thread.ofVirtual().name("line-watch").start(ahead);
    }
    return ahead;
  }

  private static boolean isOver(FutureTask<byte[]> ahead) {
    return ahead.isDone()
        && (ahead.state() != FutureTask.State.SUCCESS || ahead.resultNow().length == 0);
  }

  /// Sends an interim `103` answer with these headers.
  ///
  /// @throws CloseConnectionException when the client is gone
  void hint(Map<String, String> headers) {
    var head = new StringBuilder("HTTP/1.1 103 Early Hints\r\n");
    headers.forEach(
        (name, value) -> head.append(name).append(": ").append(Wire.oneLine(value)).append("\r\n"));
    byte[] bytes = head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    try {
      context.dataWriter().writeNow(BufferData.create(bytes));
    } catch (UncheckedIOException gone) {
      throw new ServerConnectionException("the client is gone", gone);
    }
  }

  /// Makes the connection's end gentle: what the client still sends is read and thrown away for a
  /// moment, since closing with unread bytes resets the connection and loses the answer.
  void linger() {
    lingering = true;
  }

  /// Says that all of a request has arrived, as far as anybody wants it.
  void arrived() {
    begunAt = 0;
    allowedNanos = 0;
  }

  /// Gives the request that arrives now more time than others have.
  void takesUpTo(Duration time) {
    allowedNanos = time.toNanos();
  }

  /// Closes the connection when its request has been arriving for longer than the limit. For any
  /// thread.
  void cutIfSlow(long now, long nanos) {
    long begun = begunAt;
    if (begun != 0 && now - begun > Math.max(nanos, allowedNanos)) {
      context.serverSocket().close();
    }
  }

  @Override
  public void handle(Limit limit) throws InterruptedException {
    lines.add(this);
    try {
      handleScoped(limit);
    } finally {
      lines.remove(this);
      if (lingering) {
        drain();
      }
    }
  }

  private void handleScoped(Limit limit) throws InterruptedException {
    try {
      ScopedValue.where(CURRENT, this)
          .call(() -> {
            inner.handle(limit);
            return true;
          });
    } catch (InterruptedException | RuntimeException passedOn) {
      throw passedOn;
    } catch (Exception impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public Duration idleTime() {
    return inner.idleTime();
  }

  @Override
  public void close(boolean interrupt) {
    inner.close(interrupt);
  }

  @Override
  public boolean canInterrupt() {
    return inner.canInterrupt();
  }

  private byte[] read() {
    byte[] bytes = next();
    if (begunAt == 0) {
      begunAt = Math.max(1, System.nanoTime());
    }
    return bytes;
  }

  private byte[] next() {
    var ahead = watch;
    if (ahead == null) {
      return readSocket();
    }
    watch = null;
    try {
      return ahead.get();
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
      throw new CloseConnectionException("closed while idle", closing);
    } catch (ExecutionException failed) {
      throw new CloseConnectionException("the client is gone", failed);
    }
  }

  private byte[] readSocket() {
    try {
      byte[] bytes = context.serverSocket().get();
      return bytes == null ? BufferData.EMPTY_BYTES : bytes;
    } catch (UncheckedIOException gone) {
      throw new ServerConnectionException("the client is gone", gone);
    }
  }

  private void drain() {
    try {
      Thread.ofVirtual().name("line-drain").start(this::discard).join(LINGER);
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private void discard() {
    try {
      long left = LINGER_BYTES;
      for (byte[] bytes = read(); bytes.length > 0 && left > 0; bytes = readSocket()) {
        left -= bytes.length;
      }
    } catch (CloseConnectionException gone) {
      // That is what is waited for.
    }
  }
}
