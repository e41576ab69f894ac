package dev.carillon.client;

import dev.carillon.client.webhook.Feed;
import dev.carillon.client.webhook.Inbox;
import dev.carillon.client.webhook.InboxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/// Puts into an inbox every event of the gateway's feed, so that a receiver that was down, or that
/// has no public address at all, misses nothing. The ids are those of the callbacks: what came
/// already is known to the inbox and does not run again.
///
/// The place in the feed moves only after the inbox took what stands before it. It is kept in the
/// inbox, or with [Builder#acknowledgeAtGateway] at the gateway. Whatever fails is tried again and
/// told to the listener; nothing is skipped. One at a time for a name.
public final class FeedReconciler implements Feed {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /// How much longer than the wait an answer may take.
  private static final Duration ANSWER = Duration.ofSeconds(30);

  private final Carillon carillon;
  private final String name;
  private final Inbox inbox;
  private final InstantSource clock;
  private final Duration wait;
  private final boolean atGateway;
  private final Set<String> types;
  private final Optional<Instant> since;
  private final Consumer<RuntimeException> onFault;
  private final Thread reader;
  private final Semaphore end = new Semaphore(0);
  private boolean started; // guarded by this
  private Optional<String> moved = Optional.empty(); // of the one thread that reads
  private volatile boolean closing;

  private FeedReconciler(Builder builder) {
    this.carillon = builder.carillon;
    this.name = builder.name;
    this.inbox = builder.inbox;
    this.clock = builder.clock;
    this.wait = builder.wait;
    this.atGateway = builder.atGateway;
    this.types = builder.types;
    this.since = builder.since;
    this.onFault = builder.onFault;
    this.reader = new Thread(this::readOn, "carillon-feed-" + name);
    reader.setDaemon(true);
  }

  /// Reads the feed to its present end and returns how many events were new to the inbox.
  ///
  /// @throws CarillonException when the feed cannot be read
  /// @throws InboxException when the inbox does not work or is full; what it took is kept
  public int catchUp() throws InterruptedException {
    int taken = 0;
    while (true) {
      FeedPage page = read(Duration.ZERO);
      taken += takeIn(page);
      if (!page.more()) {
        return taken;
      }
    }
  }

  /// Begins to follow the feed on a thread of its own. A second call changes nothing.
  @Override
  public synchronized void start() {
    if (!started && !closing) {
      started = true;
      reader.start();
    }
  }

  private void readOn() {
    Duration pause = FIRST_PAUSE;
    while (!closing) {
      try {
        takeIn(read(wait));
        pause = FIRST_PAUSE;
      } catch (CarillonException | InboxException why) {
        onFault.accept(why);
        pause = rest(pause);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private Duration rest(Duration pause) {
    try {
      if (end.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        return pause;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
  }

  private FeedPage read(Duration wait) throws InterruptedException {
    var path = new StringBuilder("/v1/events?wait=").append(wait.toSeconds()).append('s');
    if (atGateway) {
      path.append("&consumer=").append(encoded(name));
    } else {
      path.append(place());
    }
    if (!types.isEmpty()) {
      path.append("&types=").append(encoded(String.join(",", types)));
    }
    Call call = Call.get(path.toString()).within(wait.plus(ANSWER));
    return FeedPage.of(carillon.send(call).orThrow().body());
  }

  private String place() {
    return inbox
        .cursor(name)
        .map(cursor -> "&after=" + encoded(cursor))
        .or(() -> since.map(time -> "&since=" + encoded(time.toString())))
        .orElse("");
  }

  private int takeIn(FeedPage page) throws InterruptedException {
    int taken = 0;
    Optional<String> before = Optional.empty();
    for (FeedPage.Item item : page.items()) {
      Inbox.Put put = isWanted(item) ? inbox.put(item.event(), clock.instant()) : Inbox.Put.KNOWN;
      if (put == Inbox.Put.FULL) {
        if (before.isPresent()) {
          move(before.get());
        }
        throw new InboxException("the inbox is full; the feed is read on when there is room");
      }
      taken += put == Inbox.Put.TAKEN ? 1 : 0;
      before = Optional.of(item.cursor());
    }
    Optional<String> place = page.next().isPresent() ? page.next() : before;
    if (place.isPresent() && !place.equals(moved)) {
      move(place.get());
    }
    return taken;
  }

  /// The gateway leaves out other types by itself; a compatible server may not know the parameter.
  private boolean isWanted(FeedPage.Item item) {
    return types.isEmpty() || item.event().type().filter(types::contains).isPresent();
  }

  private void move(String cursor) throws InterruptedException {
    if (atGateway) {
      String body = new JsonMapper().createObjectNode().put("cursor", cursor).toString();
      carillon.send(Call.put("/v1/consumers/" + encoded(name), body)).orThrow();
    } else {
      inbox.moveCursor(name, cursor);
    }
    moved = Optional.of(cursor);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /// Stops following. What the inbox took is kept, the rest is read next time. Twice is harmless.
  @Override
  public void close() {
    synchronized (this) {
      closing = true;
    }
    end.release();
    reader.interrupt();
    try {
      reader.join(ANSWER.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// What a reconciler is made of.
  public static final class Builder {
    private final Carillon carillon;
    private final String name;
    private final Inbox inbox;
    private InstantSource clock = InstantSource.system();
    private Duration wait = Duration.ofSeconds(30);
    private boolean atGateway;
    private Set<String> types = Set.of();
    private Optional<Instant> since = Optional.empty();
    private Consumer<RuntimeException> onFault =
        why ->
            System.getLogger("dev.carillon.client")
                .log(System.Logger.Level.WARNING, "feed.read_failed: " + why.getMessage());

    Builder(Carillon carillon, String name, Inbox inbox) {
      if (name.isBlank()) {
        throw new IllegalArgumentException("a reconciler has a name");
      }
      this.carillon = carillon;
      this.name = name;
      this.inbox = inbox;
    }

    /// Keeps the place at the gateway, as that of the consumer of this name, so that the gateway's
    /// operator sees how far it has got.
    public Builder acknowledgeAtGateway() {
      this.atGateway = true;
      return this;
    }

    /// Which types of events go into the inbox, such as `task.succeeded`; all unless told
    /// otherwise.
    public Builder types(String... types) {
      this.types = Set.of(types);
      return this;
    }

    /// Where the very first reading begins; with all the gateway keeps unless told otherwise. Once
    /// there is a place, or when it is kept at the gateway, this does nothing.
    public Builder since(Instant time) {
      this.since = Optional.of(time);
      return this;
    }

    /// How long the gateway holds a request when there is nothing new; 30 s unless told otherwise.
    public Builder longPoll(Duration wait) {
      this.wait = wait;
      return this;
    }

    /// Who hears of faults, each of which is followed by another try; a log unless told otherwise.
    public Builder onFault(Consumer<RuntimeException> onFault) {
      this.onFault = onFault;
      return this;
    }

    /// The clock for what goes into the inbox.
    public Builder clock(InstantSource clock) {
      this.clock = clock;
      return this;
    }

    /// The reconciler, not started.
    public FeedReconciler build() {
      return new FeedReconciler(this);
    }
  }
}
