package dev.carillon.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The place callbacks come to: answers every request 200 at once on one thread, and remembers when
/// each task was first heard of.
public final class Sink implements AutoCloseable {
  private static final byte[] OK = Message.ascii("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

  private final Selector selector;
  private final ServerSocketChannel door;
  private final Map<String, Instant> told = new ConcurrentHashMap<>();
  private final Thread thread;

  public Sink() throws IOException {
    selector = Selector.open();
    door = ServerSocketChannel.open();
    // On every address, as each of 127.0.0.0/8 is a destination of its own.
    door.bind(new InetSocketAddress(0), 1024);
    door.configureBlocking(false);
    door.register(selector, SelectionKey.OP_ACCEPT);
    thread = Thread.ofPlatform().daemon().name("sink").start(this::serve);
  }

  public String url() {
    return "http://127.0.0.1:" + port() + "/told";
  }

  public int port() {
    return door.socket().getLocalPort();
  }

  /// How many different tasks were told.
  public int count() {
    return told.size();
  }

  /// When a task was first told; empty when it was not.
  public Optional<Instant> told(String id) {
    return Optional.ofNullable(told.get(id));
  }

  /// When each task was first told.
  public Map<String, Instant> all() {
    return Map.copyOf(told);
  }

  public void forget() {
    told.clear();
  }

  private void serve() {
    try {
      while (selector.isOpen()) {
        selector.select();
        var ready = selector.selectedKeys();
        for (var key : ready) {
          serve(key);
        }
        ready.clear();
      }
    } catch (IOException | ClosedSelectorException _) {
      // closed, or broken: then callbacks are missing and the measure says so
    }
  }

  private void serve(SelectionKey key) throws IOException {
    if (key.isAcceptable()) {
      var channel = door.accept();
      if (channel != null) {
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, new Message());
      }
    } else if (key.channel() instanceof SocketChannel channel
        && key.attachment() instanceof Message request) {
      try {
        read(channel, request);
      } catch (IOException _) {
        channel.close();
      }
    }
  }

  private void read(SocketChannel channel, Message request) throws IOException {
    int count = channel.read(request.room());
    if (count < 0) {
      channel.close();
      return;
    }
    request.arrived(count);
    if (request.isWhole()) {
      told.putIfAbsent(request.taskId(), Clock.systemUTC().instant());
      request.clear();
      channel.write(ByteBuffer.wrap(OK));
    }
  }

  @Override
  public void close() throws IOException {
    selector.close();
    door.close();
    thread.interrupt();
  }
}
