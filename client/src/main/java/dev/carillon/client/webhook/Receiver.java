package dev.carillon.client.webhook;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Takes callbacks in: checks the signature, puts the event into the inbox, answers at once; the
/// application's code runs later on threads of its own, once an event.
///
/// It knows no web framework. Give [#handle] the raw body and the headers of a request, and answer
/// with the status it returns and no body. [#start] begins to run what is in the inbox, also what a
/// process left there that died; without it events are only taken in. Safe for many threads.
public final class Receiver implements AutoCloseable {
  /// The event is in the inbox.
  private static final int TAKEN = 204;

  private static final int MALFORMED = 400;
  private static final int NOT_BELIEVED = 401;
  private static final int TOO_LARGE = 413;
  private static final int COME_AGAIN = 503;

  private final WebhookVerifier verifier;
  private final Inbox inbox;
  private final InstantSource clock;
  private final int mostBodyBytes;
  private final SafeListener listener;
  private final InboxRunner runner;
  private final Optional<Feed> feed;

  private Receiver(Builder builder) {
    this.verifier = builder.verifier;
    this.inbox = builder.inbox;
    this.clock = builder.clock;
    this.mostBodyBytes = builder.mostBodyBytes;
    this.listener = new SafeListener(builder.listener);
    this.feed = builder.feed;
    this.runner =
        new InboxRunner(inbox, builder.handler, clock, listener, new InboxRunner.Limits(builder));
  }

  /// Begins a receiver.
  ///
  /// @param handler the application's code
  public static Builder builder(WebhookVerifier verifier, Inbox inbox, EventHandler handler) {
    return new Builder(verifier, inbox, handler);
  }

  /// Takes a request in and gives the status to answer with: 204 when the event is in the inbox,
  /// 400 when it is no callback, 401 when it is not believed, 413 when it is too large, 503 when
  /// the inbox cannot take it; the gateway comes again then. Throws nothing for whatever was sent.
  ///
  /// @param body the bytes as they came; read at most [Builder#mostBodyBytes] and one more
  public int handle(byte[] body, Map<String, List<String>> headers) {
    if (body.length > mostBodyBytes) {
      return TOO_LARGE;
    }
    InboxEvent event;
    try {
      Verified verified = verifier.verify(body, headers);
      if (verified.id().length() > InboxEvent.LONGEST_ID) {
        return MALFORMED;
      }
      event = InboxEvent.of(verified);
    } catch (WebhookVerificationException why) {
      listener.rejected(why);
      return why.reason().isMalformed() ? MALFORMED : NOT_BELIEVED;
    }
    return put(event);
  }

  private int put(InboxEvent event) {
    try {
      Inbox.Put put = inbox.put(event, clock.instant());
      listener.received(event, put);
      if (put == Inbox.Put.FULL) {
        return COME_AGAIN;
      }
      runner.wake();
      return TAKEN;
    } catch (RuntimeException why) {
      listener.inboxFailed(why);
      return COME_AGAIN;
    }
  }

  /// Begins to run what is in the inbox, and to read the feed if there is one. A second call
  /// changes nothing.
  public void start() {
    runner.start();
    feed.ifPresent(Feed::start);
  }

  /// Reads and runs no more, waits for what is running, then interrupts it. What did not end is run
  /// again later. Twice is harmless.
  @Override
  public void close() {
    feed.ifPresent(Feed::close);
    runner.close();
  }

  /// What a receiver is made of, with its limits.
  public static final class Builder {
    private static final int MEBIBYTE = 1 << 20;

    private final WebhookVerifier verifier;
    private final Inbox inbox;
    private final EventHandler handler;
    private InstantSource clock = InstantSource.system();
    private ReceiverListener listener = ReceiverListener.logging();
    private Optional<Feed> feed = Optional.empty();
    private int mostBodyBytes = 16 * MEBIBYTE;
    int workers = 4;
    RetryPlan retries = RetryPlan.USUAL;
    Duration lease = Duration.ofMinutes(1);
    Duration longestRun = Duration.ofHours(1);
    Duration poll = Duration.ofSeconds(1);
    Duration keep = Inbox.LEAST_KEPT.multipliedBy(2);
    Duration grace = Duration.ofSeconds(20);

    private Builder(WebhookVerifier verifier, Inbox inbox, EventHandler handler) {
      this.verifier = verifier;
      this.inbox = inbox;
      this.handler = handler;
    }

    /// How many events are run at once; 4 unless told otherwise.
    public Builder workers(int workers) {
      if (workers < 1) {
        throw new IllegalArgumentException("at least one worker");
      }
      this.workers = workers;
      return this;
    }

    /// When failed runs are tried again; [RetryPlan#USUAL] unless told otherwise.
    public Builder retries(RetryPlan retries) {
      this.retries = retries;
      return this;
    }

    /// After how long an event is run by somebody else when this process died; 1 min unless told
    /// otherwise. While the process lives the lease is extended.
    public Builder lease(Duration lease) {
      this.lease = positive("lease", lease);
      return this;
    }

    /// How long one run may take before its thread is interrupted; 1 h unless told otherwise.
    public Builder longestRun(Duration longestRun) {
      this.longestRun = positive("longest run", longestRun);
      return this;
    }

    /// How often the inbox is looked at when nothing woke the receiver; 1 s unless told otherwise.
    public Builder poll(Duration poll) {
      this.poll = positive("poll", poll);
      return this;
    }

    /// How long ids of closed events are kept; 14 days unless told otherwise, at least
    /// [Inbox#LEAST_KEPT].
    public Builder keep(Duration keep) {
      if (keep.compareTo(Inbox.LEAST_KEPT) < 0) {
        throw new IllegalArgumentException(
            "ids are kept at least " + Inbox.LEAST_KEPT.toDays() + " days, or repeats run again");
      }
      this.keep = keep;
      return this;
    }

    /// How long [Receiver#close] waits before it interrupts; 20 s unless told otherwise.
    public Builder grace(Duration grace) {
      this.grace = grace;
      return this;
    }

    /// The largest body taken in; 16 MiB unless told otherwise.
    public Builder mostBodyBytes(int mostBodyBytes) {
      this.mostBodyBytes = mostBodyBytes;
      return this;
    }

    /// What brings events that never arrived as callbacks into the same inbox; nothing unless told
    /// otherwise. The receiver starts and closes it.
    public Builder feed(Feed feed) {
      this.feed = Optional.of(feed);
      return this;
    }

    /// Who hears what happens; [ReceiverListener#logging] unless told otherwise.
    public Builder listener(ReceiverListener listener) {
      this.listener = listener;
      return this;
    }

    /// The clock for leases and retries.
    public Builder clock(InstantSource clock) {
      this.clock = clock;
      return this;
    }

    /// The receiver, not started.
    public Receiver build() {
      return new Receiver(this);
    }

    private static Duration positive(String what, Duration duration) {
      if (duration.isNegative() || duration.isZero()) {
        throw new IllegalArgumentException("the " + what + " must be more than nothing");
      }
      return duration;
    }
  }
}
