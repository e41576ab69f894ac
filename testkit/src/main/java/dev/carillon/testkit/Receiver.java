package dev.carillon.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/// A real HTTP/1.1 server on loopback that does what its script says, path by path, and records
/// what came to the byte. Stands for somebody's callback receiver.
///
/// A path without a script answers 200. Connections are kept alive; each has a virtual thread. The
/// newest request of many thousands a second costs one lock and one list entry; at most
/// [#KEPT_REQUESTS] are kept, all are counted. Safe for many threads.
public final class Receiver implements AutoCloseable {
  /// How many requests are kept whole; later ones are only counted.
  public static final int KEPT_REQUESTS = 100_000;

  private static final int BACKLOG = 4096;

  private final ServerSocket server;
  private final String scheme;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Map<String, Script> scripts = new ConcurrentHashMap<>();
  private volatile Function<Received, Reaction> otherwise = _ -> Reaction.status(200);
  private final List<Consumer<Received>> listeners = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();

  private final ReentrantLock lock = new ReentrantLock(); // guards the two fields below
  private final Condition arrived = lock.newCondition();
  private final List<Received> kept = new ArrayList<>();
  private long count;

  private record Script(List<Reaction> reactions, AtomicInteger next) {
    Reaction react() {
      int index = next.getAndUpdate(i -> Math.min(i + 1, reactions.size() - 1));
      return reactions.get(index);
    }
  }

  private Receiver(ServerSocket server) {
    this.server = server;
    this.scheme = server instanceof SSLServerSocket ? "https" : "http";
  }

  /// Starts one on a free port.
  public static Receiver start() {
    return start(0);
  }

  /// Starts one on this port of the loopback address.
  public static Receiver start(int port) {
    try {
      return start(new ServerSocket(), port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Starts one on a free port that speaks TLS with the certificate of this context.
  public static Receiver startSecure(SSLContext context) {
    try {
      return start(context.getServerSocketFactory().createServerSocket(), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Receiver start(ServerSocket server, int port) throws IOException {
    server.setReuseAddress(true);
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
    var receiver = new Receiver(server);
    Thread.ofPlatform().name("receiver-" + receiver.port()).daemon().start(receiver::accept);
    return receiver;
  }

  /// Scripts a path (without query): one reaction for each request in turn; the last one stays.
  public Receiver on(String path, Reaction first, Reaction... more) {
    var reactions = new ArrayList<Reaction>();
    reactions.add(first);
    reactions.addAll(List.of(more));
    scripts.put(path, new Script(List.copyOf(reactions), new AtomicInteger()));
    return this;
  }

  /// Decides what is done with requests to paths without a script, on the connection's thread.
  public Receiver otherwise(Function<Received, Reaction> decision) {
    otherwise = decision;
    return this;
  }

  /// Scripts a path with statuses, one for each request in turn; the last one stays.
  public Receiver statuses(String path, int first, int... more) {
    var rest = new Reaction[more.length];
    for (int i = 0; i < more.length; i++) {
      rest[i] = Reaction.status(more[i]);
    }
    return on(path, Reaction.status(first), rest);
  }

  /// Tells each request to a listener before it is answered, on the connection's thread.
  public Receiver listen(Consumer<Received> listener) {
    listeners.add(listener);
    return this;
  }

  /// The port it listens on.
  public int port() {
    return server.getLocalPort();
  }

  /// The address of a path, such as `http://127.0.0.1:40123/hook`.
  public URI url(String path) {
    return URI.create(scheme + "://127.0.0.1:" + port() + path);
  }

  /// The requests kept so far, in the order of arrival.
  public List<Received> received() {
    lock.lock();
    try {
      return List.copyOf(kept);
    } finally {
      lock.unlock();
    }
  }

  /// The kept requests of one path (without query).
  public List<Received> received(String path) {
    return received().stream().filter(request -> request.path().equals(path)).toList();
  }

  /// How many requests came in all.
  public long count() {
    lock.lock();
    try {
      return count;
    } finally {
      lock.unlock();
    }
  }

  /// How many connections were accepted in all.
  public int connections() {
    return connections.get();
  }

  /// Forgets the requests and the count; scripts and connections stay.
  public void clear() {
    lock.lock();
    try {
      kept.clear();
      count = 0;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until at least this many requests came in all, and returns those kept.
  ///
  /// @throws AssertionError when fewer came within `limit`
  public List<Received> await(int requests, Duration limit) throws InterruptedException {
    awaitUntil(requests + " requests have come", limit, () -> count >= requests);
    return received();
  }

  /// Waits until at least this many requests came to one path (without query).
  ///
  /// @throws AssertionError when fewer came within `limit`
  public List<Received> await(String path, int requests, Duration limit)
      throws InterruptedException {
    Predicate<Received> here = request -> request.path().equals(path);
    awaitUntil(
        requests + " requests have come to " + path,
        limit,
        () -> kept.stream().filter(here).count() >= requests);
    return received(path);
  }

  private void awaitUntil(String what, Duration limit, BooleanSupplier condition)
      throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    lock.lockInterruptibly();
    try {
      while (!condition.getAsBoolean()) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          throw new AssertionError(
              "not within " + limit.toMillis() + " ms: " + what + "; came: " + count);
        }
        var _ = arrived.await(left, TimeUnit.NANOSECONDS);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Stops listening and ends all connections. Twice is harmless.
  @Override
  public void close() {
    closeQuietly(server);
    open.forEach(Receiver::closeQuietly);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        int number = connections.incrementAndGet();
        Thread.ofVirtual().name("receiver-connection-" + number).start(() -> serve(socket, number));
      } catch (IOException _) {
        // Closed, or a connection that was gone before it was accepted: the loop decides.
      }
    }
  }

  private void serve(Socket socket, int number) {
    open.add(socket);
    try (socket) {
      socket.setTcpNoDelay(true);
      if (!server.isClosed()) {
        new Connection(socket).serve(number, this::react);
      }
    } catch (IOException _) {
      // The other side hung up or sent no HTTP; for a receiver that is a day like any other.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(socket);
    }
  }

  private Reaction react(Received request) {
    lock.lock();
    try {
      count++;
      if (kept.size() < KEPT_REQUESTS) {
        kept.add(request);
      }
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
    listeners.forEach(listener -> listener.accept(request));
    Script script = scripts.get(request.path());
    return script == null ? otherwise.apply(request) : script.react();
  }

  private static void closeQuietly(AutoCloseable thing) {
    try {
      thing.close();
    } catch (Exception _) {
      // Closing is all that was wanted.
    }
  }

  /// Runs a receiver by hand: prints every request, answers 200. Takes the port, 9000 unless given.
  public static void main(String[] arguments) throws InterruptedException {
    int port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 9000;
    try (Receiver receiver = start(port)) {
      receiver.listen(request -> System.out.println(request.head() + request.text() + "\n"));
      System.out.println("listening on " + receiver.url("/"));
      Thread.currentThread().join();
    }
  }
}
