package dev.carillon.gateway.ops;

import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.http.RequestListener;
import dev.carillon.gateway.http.Routes;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The gateway's figures, counted where the walk passes. Safe for many threads.
///
/// Labels come from small closed sets (services, outcomes, route patterns, statuses), never from
/// what a caller sent.
public final class Metrics implements RequestListener, AutoCloseable {
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
  private static final String OPEN = "application/openmetrics-text; version=1.0.0; charset=utf-8";
  private static final Duration[] BOUNDS = {
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(20),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(2),
    Duration.ofSeconds(10),
    Duration.ofSeconds(60),
    Duration.ofSeconds(300)
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final ConcurrentMap<Labels, Counter> counters = new ConcurrentHashMap<>();
  private final ConcurrentMap<Labels, Timer> timers = new ConcurrentHashMap<>();
  private @Nullable JvmGcMetrics collections; // guarded by this; there once the JVM is bound

  private record Labels(String name, String key, String value, String key2, String value2) {}

  /// A task was accepted.
  public void taskAccepted(String service) {
    counter(new Labels("carillon.tasks.accepted", "service", service, "", "")).increment();
  }

  /// A task ended.
  ///
  /// @param outcome the state's word, such as `succeeded`
  /// @param queued from its acceptance until it was first claimed
  /// @param running from then until its end
  public void taskEnded(String service, String outcome, Duration queued, Duration running) {
    counter(new Labels("carillon.tasks.ended", "service", service, "outcome", outcome)).increment();
    timer(new Labels("carillon.task.queued", "service", service, "", "")).record(queued);
    timer(new Labels("carillon.task.running", "service", service, "", "")).record(running);
  }

  /// A callback was attempted.
  ///
  /// @param result what it came to, such as `delivered`, `refused` or `timeout`
  /// @param lag from the event until the attempt began
  public void callbackAttempted(String result, Duration lag) {
    counter(new Labels("carillon.callback.attempts", "result", result, "", "")).increment();
    timer(new Labels("carillon.callback.lag", "", "", "", "")).record(lag);
  }

  /// A receiver is left alone for a while, or answers again.
  ///
  /// @param change `opened` or `closed`
  public void circuitChanged(String change) {
    counter(new Labels("carillon.callback.circuits", "change", change, "", "")).increment();
  }

  /// A registered endpoint was switched off.
  ///
  /// @param standing what it is now, such as `failing`
  public void endpointDisabled(String standing) {
    counter(new Labels("carillon.endpoints.disabled", "standing", standing, "", "")).increment();
  }

  /// A file of a result was copied, or was not.
  ///
  /// @param result `kept`, or why not
  public void assetCopied(String result, long bytes, Duration took) {
    counter(new Labels("carillon.asset.bytes", "way", "copied", "", "")).increment((double) bytes);
    timer(new Labels("carillon.asset.copies", "result", result, "", "")).record(took);
  }

  /// A caller sent a file.
  ///
  /// @param result `kept`, or why not
  public void fileUploaded(String result, long bytes) {
    counter(new Labels("carillon.asset.bytes", "way", "uploaded", "", ""))
        .increment((double) bytes);
    counter(new Labels("carillon.uploads", "result", result, "", "")).increment();
  }

  /// Files that nobody has a right to any more were deleted.
  public void assetsSwept(int count) {
    counter(new Labels("carillon.asset.swept", "", "", "", "")).increment(count);
  }

  /// A provider was asked.
  ///
  /// @param step such as `submit` or `poll`
  /// @param result the status, `lost` or `not sent`
  public void providerAsked(String provider, String step, String result, Duration took) {
    counter(new Labels("carillon.provider.calls", "provider", provider, "result", result))
        .increment();
    timer(new Labels("carillon.provider.call", "provider", provider, "step", step)).record(took);
  }

  /// A provider used a word that its definition does not know.
  public void providerWordUnknown(String provider) {
    counter(new Labels("carillon.provider.words.unknown", "provider", provider, "", ""))
        .increment();
  }

  @Override
  public void answered(String route, int status, long nanos) {
    timer(new Labels("carillon.http.requests", "route", route, "status", Integer.toString(status)))
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  /// Shows a number that is asked for at each scrape, such as the inline waits held, the open
  /// tasks, the pending deliveries or the store's batch size.
  ///
  /// @param name dotted, such as `carillon.inline.waits`
  /// @param value must be cheap; an exception shows as no number
  public void gauge(String name, String help, Supplier<Number> value) {
    Gauge.builder(name, value).description(help).strongReference(true).register(registry);
  }

  /// Adds `/metrics`.
  public Routes addTo(Routes routes) {
    return routes.get("/metrics", this::scrape);
  }

  @Override
  public synchronized void close() {
    if (collections != null) {
      collections.close();
    }
    registry.close();
  }

  private Reply scrape(Call call) {
    bindJvm();
    boolean open = call.header("Accept").orElse("").contains("application/openmetrics-text");
    String type = open ? OPEN : TEXT;
    return Reply.content(200, type, registry.scrape(type)).withHeader("Cache-Control", "no-store");
  }

  /// The JVM's own figures load its management classes, which a start should not wait for.
  private synchronized void bindJvm() {
    if (collections == null) {
      collections = new JvmGcMetrics();
      new JvmMemoryMetrics().bindTo(registry);
      new JvmThreadMetrics().bindTo(registry);
      collections.bindTo(registry);
    }
  }

  private Counter counter(Labels labels) {
    return counters.computeIfAbsent(labels, made -> registry.counter(made.name(), tags(made)));
  }

  private Timer timer(Labels labels) {
    return timers.computeIfAbsent(
        labels,
        made ->
            Timer.builder(made.name())
                .tags(tags(made))
                .serviceLevelObjectives(BOUNDS)
                .register(registry));
  }

  private static Tags tags(Labels labels) {
    var tags = labels.key().isEmpty() ? Tags.empty() : Tags.of(labels.key(), labels.value());
    return labels.key2().isEmpty() ? tags : tags.and(labels.key2(), labels.value2());
  }
}
