package dev.carillon.testkit.provider;

import dev.carillon.testkit.Reaction;
import dev.carillon.testkit.Received;
import dev.carillon.testkit.Receiver;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// A provider on loopback that speaks the documented API of a real one and counts what it was asked
/// to generate. What becomes of a job stands in its request: `FAIL`, `MODERATE`, or success. Its
/// key is `test-key`. Safe for many threads.
public final class ProviderStandIn implements AutoCloseable {
  private final Receiver receiver;
  private final Api api;
  private final Jobs jobs = new Jobs();
  private final Queue<Trouble> submits = new ConcurrentLinkedQueue<>();
  private final Queue<Trouble> others = new ConcurrentLinkedQueue<>();

  /// What goes wrong with a request.
  public enum Trouble {
    /// 429 with `Retry-After: 1`; nothing is begun.
    LIMITED,
    /// 503; nothing is begun.
    DOWN,
    /// 500; nothing is begun, but nobody can tell.
    BROKEN,
    /// It is done, and the connection ends without an answer.
    LOST,
    /// The connection ends before anything is done; from outside the same as [#LOST].
    CUT,
    /// 401: the key is refused.
    REFUSED_KEY
  }

  private ProviderStandIn(Api api, Receiver receiver) {
    this.api = api;
    this.receiver = receiver;
  }

  /// Starts one.
  ///
  /// @param provider the name of the shipped definition, such as `replicate`
  public static ProviderStandIn start(String provider) {
    return start(provider, 0);
  }

  /// Starts one on this port.
  public static ProviderStandIn start(String provider, int port) {
    Receiver receiver = Receiver.start(port);
    var standIn = new ProviderStandIn(Apis.of(provider), receiver);
    receiver.otherwise(standIn::react);
    return standIn;
  }

  /// The providers there are stand-ins for.
  public static List<String> providers() {
    return Apis.names();
  }

  /// Its address, without a slash at the end.
  public String url() {
    return "http://127.0.0.1:" + receiver.port();
  }

  /// Jobs begun from now on end after so many looks.
  public ProviderStandIn looks(int count) {
    jobs.looks(count);
    return this;
  }

  /// The next submission, one for each call, goes wrong so.
  public ProviderStandIn submitting(Trouble trouble) {
    submits.add(trouble);
    return this;
  }

  /// The next other request, one for each call, goes wrong so.
  public ProviderStandIn asking(Trouble trouble) {
    others.add(trouble);
    return this;
  }

  /// How many jobs it began: what would have been paid for.
  public int generated() {
    return jobs.generated();
  }

  /// How many jobs it was asked to cancel.
  public int cancelled() {
    return jobs.cancelled();
  }

  /// All requests, as they came.
  public List<Received> received() {
    return receiver.received();
  }

  @Override
  public void close() {
    receiver.close();
  }

  private Reaction react(Received request) {
    Trouble trouble = (api.submits(request) ? submits : others).poll();
    if (trouble == Trouble.REFUSED_KEY || !api.isSignedIn(request)) {
      return Api.json(401, "{\"error\":{\"message\":\"invalid key\"}}");
    }
    if (trouble == null) {
      return api.answer(request, jobs, url());
    }
    return switch (trouble) {
      case LIMITED ->
          new Reaction.Answer(
              429, Map.of("Retry-After", "1", "Content-Type", "application/json"), "{}");
      case DOWN -> Api.json(503, "{}");
      case BROKEN -> Api.json(500, "{}");
      case LOST -> {
        api.answer(request, jobs, url());
        yield new Reaction.Close();
      }
      case CUT, REFUSED_KEY -> new Reaction.Close();
    };
  }
}
