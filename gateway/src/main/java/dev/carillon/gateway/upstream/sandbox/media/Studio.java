package dev.carillon.gateway.upstream.sandbox.media;

import dev.carillon.gateway.domain.MediaSource;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Renders files when they are asked for, each once however many ask, on a few threads of its own;
/// and a little ahead of time where a task says what it will need.
///
/// Nobody's work waits for it but that of who wants to see a file.
public final class Studio implements MediaSource, AutoCloseable {
  /// Where files are served, below the gateway's base URL.
  public static final String PATH = "/sandbox/media/";

  private static final Logger log = LoggerFactory.getLogger(Studio.class);
  private static final Duration SOON = Duration.ofSeconds(2);
  private static final Media MISSING = new Media.Missing();
  private static final Media BUSY = new Media.Busy(SOON);
  private static final int CLOSE_SECONDS = 5;

  private final StudioConfig config;
  private final Seal seal;
  private final Shelf shelf;
  private final LinkedBlockingDeque<Runnable> waiting;
  private final ThreadPoolExecutor pool;
  private final ConcurrentHashMap<String, Job> jobs = new ConcurrentHashMap<>();
  private final AtomicLong rendered = new AtomicLong();

  /// One file being made.
  private record Job(Runnable work, CompletableFuture<Media> result) {}

  public Studio(StudioConfig config, Seal seal) {
    this.config = config;
    this.seal = seal;
    this.shelf = new Shelf(config.folder(), config.cacheBytes());
    this.waiting = new LinkedBlockingDeque<>(config.queue());
    this.pool =
        new ThreadPoolExecutor(
            config.threads(), config.threads(), 0, TimeUnit.SECONDS, waiting, Studio::thread);
  }

  @SuppressWarnings("ThreadPriorityCheck") // A hint only: where it is heeded, requests go first.
  private static Thread thread(Runnable work) {
    var thread = new Thread(work, "sandbox-render");
    thread.setDaemon(true);
    thread.setPriority(Thread.MIN_PRIORITY);
    return thread;
  }

  /// The absolute address of a file.
  ///
  /// @param baseUrl the gateway's own, without a slash at its end
  public String address(String baseUrl, Recipe recipe, Format format) {
    return address(baseUrl, seal.token(recipe), format);
  }

  /// The same for a recipe whose token is known.
  public String address(String baseUrl, String token, Format format) {
    return baseUrl + PATH + token + "." + format.extension();
  }

  /// The seal that names its files.
  public Seal seal() {
    return seal;
  }

  /// Renders a file when there is nothing else to do, so that it is there when somebody looks. Only
  /// a quarter of the queue is for such work; beyond that nothing happens.
  public void prepare(Recipe recipe, Format format) {
    if (waiting.size() <= config.queue() / 4) {
      order(Shelf.key(recipe, format), recipe, format);
    }
  }

  @Override
  public Media open(String token, String extension) throws InterruptedException {
    Optional<Format> format = Format.ofExtension(extension);
    Optional<Recipe> recipe = format.isEmpty() ? Optional.empty() : seal.open(token);
    if (recipe.isEmpty() || !format.orElseThrow().suits(recipe.get().kind())) {
      return MISSING;
    }
    return file(recipe.get(), format.orElseThrow());
  }

  /// The file of a recipe, rendered now if need be.
  public Media file(Recipe recipe, Format format) throws InterruptedException {
    String key = Shelf.key(recipe, format);
    try {
      Optional<Media.Ready> kept = shelf.find(key);
      return kept.isPresent() ? kept.get() : await(order(key, recipe, format));
    } catch (IOException e) {
      log.warn("sandbox.unreadable folder={}", config.folder(), e);
      return BUSY;
    }
  }

  private Media await(Optional<Job> job) throws InterruptedException {
    if (job.isEmpty()) {
      return BUSY;
    }
    hurry(job.get().work());
    try {
      return job.get().result().get(config.patience().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException late) {
      return BUSY;
    }
  }

  /// Puts work somebody waits for before work done ahead of time.
  private void hurry(Runnable work) {
    if (waiting.remove(work) && !waiting.offerFirst(work)) {
      work.run();
    }
  }

  private Optional<Job> order(String key, Recipe recipe, Format format) {
    var result = new CompletableFuture<Media>();
    var mine = new Job(() -> render(key, recipe, format, result), result);
    Job other = jobs.putIfAbsent(key, mine);
    if (other != null) {
      return Optional.of(other);
    }
    try {
      pool.execute(mine.work());
      return Optional.of(mine);
    } catch (RejectedExecutionException full) {
      jobs.remove(key, mine);
      result.complete(BUSY);
      return Optional.empty();
    }
  }

  private void render(String key, Recipe recipe, Format format, CompletableFuture<Media> result) {
    try {
      Optional<Media.Ready> kept = shelf.find(key);
      result.complete(kept.isPresent() ? kept.get() : make(key, recipe, format));
    } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError e) {
      // A bug or a broken disk must not take the rendering thread with it.
      log.warn("sandbox.unrendered kind={} format={}", recipe.kind(), format, e);
      result.complete(BUSY);
    } finally {
      jobs.remove(key);
    }
  }

  private Media make(String key, Recipe recipe, Format format) throws IOException {
    Media made = shelf.put(key, format, Renderer.render(recipe, format));
    rendered.incrementAndGet();
    return made;
  }

  /// How many files were rendered since the start.
  public long rendered() {
    return rendered.get();
  }

  /// How many files wait to be rendered.
  public int backlog() {
    return waiting.size();
  }

  @Override
  public void close() {
    pool.shutdownNow();
    jobs.values().forEach(each -> each.result().complete(BUSY));
    try {
      // What is being rendered still writes its file.
      var _ = pool.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException impatient) {
      Thread.currentThread().interrupt();
    }
  }
}
