package dev.carillon.gateway.asset;

import dev.carillon.gateway.asset.AssetFault.Word;
import dev.carillon.gateway.asset.Urls.Place;
import dev.carillon.gateway.delivery.GuardedClient;
import dev.carillon.gateway.domain.Answer;
import dev.carillon.gateway.domain.Finalizer;
import dev.carillon.gateway.domain.Inlet;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Copies the files of provider's answers into our own storage.
///
/// Each address is copied once, all of an answer at the same time within one bound for the whole
/// gateway. A file that was complete when the process died is not fetched again, as the addresses
/// of a stored answer always come in the same order. What cannot be copied keeps the provider's
/// address.
public final class AssetKeeper implements Finalizer, Inlet {
  private static final Logger log = LoggerFactory.getLogger(AssetKeeper.class);

  /// How long before its finish-by time a task gets what there is.
  private static final Duration MARGIN = Duration.ofSeconds(2);

  private final AssetConfig config;
  private final Shelf shelf;
  private final Links links;
  private final Predicate<String> copiesEndpoint;
  private final InstantSource clock;
  private final AssetListener listener;
  private final Fetcher fetcher;
  private final Copier copier;

  /// What files are kept with.
  ///
  /// @param staging on the disk of a local store
  /// @param copiesEndpoint whether results of an endpoint are copied, by its key in the catalog
  public record Parts(
      AssetStore store,
      Staging staging,
      Links links,
      GuardedClient guarded,
      Predicate<String> copiesEndpoint,
      AssetListener listener) {}

  public AssetKeeper(AssetConfig config, Parts parts, InstantSource clock) {
    this.config = config;
    this.shelf = new Shelf(parts.store(), parts.staging());
    this.links = parts.links();
    this.copiesEndpoint = parts.copiesEndpoint();
    this.listener = parts.listener();
    this.clock = clock;
    this.fetcher = new Fetcher(parts.guarded(), parts.staging(), config.copying().maxBytes());
    this.copier = new Copier(config.copying(), fetcher, shelf, clock);
  }

  /// How many files are being fetched now.
  public int copying() {
    return config.copying().atOnce() - copier.free();
  }

  Shelf shelf() {
    return shelf;
  }

  @Override
  public boolean isWanted(Task task, Answer answer) {
    return config.copies()
        && copiesEndpoint.test(task.order().endpoint())
        && !places(task, answer).isEmpty();
  }

  /// Where addresses stand that are neither ours already nor told back from the request.
  private List<Place> places(Task task, Answer answer) {
    List<Place> all = Urls.in(answer.json());
    if (all.stream().allMatch(place -> links.isOurs(place.url()))) {
      return List.of();
    }
    Set<String> asked = Urls.anywhere(task.order().request());
    return all.stream()
        .filter(place -> !links.isOurs(place.url()) && !asked.contains(place.url()))
        .toList();
  }

  @Override
  public Answer finish(Task task, Answer answer) throws InterruptedException {
    List<Place> places = places(task, answer);
    Map<String, List<Place>> byUrl = Urls.byUrl(places);
    List<Future<Manifest.Item>> copies = new ArrayList<>();
    Map<Integer, Name> known = known(task.id());
    Instant deadline = deadline(task);
    var items = new ArrayList<Manifest.Item>();
    try (var scope =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("asset-", 0).factory())) {
      byUrl.forEach((url, at) -> {
        var job = new Copier.Job(task.id(), copies.size(), url, deadline);
        copies.add(scope.submit(() -> item(job, pointers(at), known)));
      });
      collect(scope, copies, items);
    }
    keepManifest(task.id(), items);
    Instant until = end(task);
    var instead = new HashMap<String, String>();
    items.forEach(item ->
        item.name()
            .ifPresent(name -> instead.put(item.source(), links.to(path(task.id(), name), until))));
    return new Answer(Urls.replaced(answer.json(), places, instead));
  }

  private static void collect(
      ExecutorService scope, List<Future<Manifest.Item>> copies, List<Manifest.Item> items)
      throws InterruptedException {
    try {
      for (Future<Manifest.Item> copy : copies) {
        items.add(copy.get());
      }
    } catch (InterruptedException stopping) {
      scope.shutdownNow();
      throw stopping;
    } catch (ExecutionException bug) {
      scope.shutdownNow();
      throw new IllegalStateException("copying broke", bug.getCause());
    }
  }

  private Manifest.Item item(Copier.Job job, List<String> pointers, Map<Integer, Name> known)
      throws InterruptedException {
    Optional<Name> before = Optional.ofNullable(known.get(job.index()));
    if (before.isPresent()) {
      return new Manifest.Item(pointers, job.url(), before.map(Name::toString), Optional.empty());
    }
    long begun = System.nanoTime();
    Copier.Copied copied =
        job.index() < config.copying().maxFiles()
            ? copier.copy(job)
            : new Copier.Copied.Left(Word.TOO_MANY);
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    return switch (copied) {
      case Copier.Copied.Kept(var name, long bytes) -> {
        listener.copied("kept", bytes, took);
        yield new Manifest.Item(
            pointers, job.url(), Optional.of(name.toString()), Optional.empty());
      }
      case Copier.Copied.Left(var why) -> {
        String word = why.name().toLowerCase(Locale.ROOT);
        listener.copied(word, 0, took);
        yield new Manifest.Item(pointers, job.url(), Optional.empty(), Optional.of(word));
      }
    };
  }

  private static List<String> pointers(List<Place> places) {
    return places.stream().map(Place::pointer).toList();
  }

  private Map<Integer, Name> known(TaskId task) {
    try {
      return shelf.copied(task);
    } catch (IOException unknown) {
      return Map.of(); // then all are fetched again
    }
  }

  private void keepManifest(TaskId task, List<Manifest.Item> items) {
    try {
      shelf.keepManifest(task, new Manifest(items));
    } catch (IOException unkept) {
      log.warn("asset.manifest.unkept task={} reason=\"{}\"", task, unkept.getMessage());
    }
  }

  private Instant deadline(Task task) {
    Instant patience = clock.instant().plus(config.copying().patience());
    Instant finishBy = task.order().finishBy().minus(MARGIN);
    return patience.isBefore(finishBy) ? patience : finishBy;
  }

  /// When links to a task's files end that are made now.
  Instant end(Task task) {
    Duration kept = task.order().terms().keepFor().orElse(config.keepFor());
    Duration life = config.linkFor().isZero() ? kept : config.linkFor();
    return clock.instant().plus(life);
  }

  static String path(TaskId task, String name) {
    return AssetRoutes.TASKS + "/" + task + "/" + name;
  }

  @Override
  public String keep(Task task, int index, InputStream bytes)
      throws IOException, InterruptedException {
    long begun = System.nanoTime();
    var job = new Copier.Job(task.id(), index, "", deadline(task));
    Staged staged = staged(job, bytes);
    try {
      Name name = Name.of(Name.HANDED, index, staged);
      copier.keep(job, name, staged);
      shelf.removeOthers(task.id(), name);
      listener.copied("kept", staged.bytes(), Duration.ofNanos(System.nanoTime() - begun));
      return links.to(path(task.id(), name.toString()), end(task));
    } finally {
      shelf.staging().discard(staged);
    }
  }

  private Staged staged(Copier.Job job, InputStream bytes)
      throws IOException, InterruptedException {
    try {
      return shelf.staging().writeUnique(bytes, config.copying().maxBytes(), copier.patience(job));
    } catch (AssetFault fault) {
      if (Thread.interrupted()) {
        throw new InterruptedException(fault.getMessage());
      }
      throw fault;
    }
  }

  /// The bytes of a file that [#finish] or [#keep] kept, by its link; empty for other addresses.
  ///
  /// @param most how many are read at most
  /// @throws IOException when it cannot be read, or is larger
  public Optional<byte[]> bytes(String link, long most) throws IOException {
    Optional<Kept> kept = kept(link);
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    AssetKey key = kept.get().key();
    long length = shelf.store().length(key).orElseThrow(() -> new IOException("it is not there"));
    if (length > most) {
      throw new IOException("it is larger than " + most + " bytes");
    }
    try (InputStream in = shelf.store().open(key, 0, length)) {
      return Optional.of(in.readAllBytes());
    }
  }

  /// An answer that gives the file at an address in a task's answer, or the part of it that the
  /// call's `Range` asks for: one that was kept, or one that stays with its provider. Who may ask
  /// is the caller's matter; a link that has ended is good here.
  public Reply content(Call call, String url) throws InterruptedException {
    Optional<Kept> kept = kept(url);
    if (kept.isEmpty()) {
      return FileAnswer.passedOn(call, fetcher, url);
    }
    Name name = kept.get().name();
    return new FileAnswer(shelf.store(), clock)
        .answer(
            call,
            new FileAnswer.Wanted(
                kept.get().key(),
                name.sha256(),
                name.extension(),
                "%s-%d.%s".formatted(kept.get().task(), name.index(), name.extension()),
                clock.instant()));
  }

  /// A file of ours.
  private record Kept(TaskId task, Name name, AssetKey key) {}

  private Optional<Kept> kept(String link) {
    String path = links.isOurs(link) ? URI.create(link).getPath() : "";
    String[] parts = path.split("/", -1);
    if (parts.length != 4 || !path.startsWith(AssetRoutes.TASKS + "/")) {
      return Optional.empty();
    }
    return TaskId.parse(parts[2])
        .flatMap(task ->
            Name.parse(parts[3]).map(name -> new Kept(task, name, Shelf.of(task).file(parts[3]))));
  }

  /// Deletes the files of a task that is no longer there.
  public void forget(TaskId task) {
    try {
      shelf.store().removeAll(Shelf.of(task));
    } catch (IOException later) {
      log.warn("asset.unforgotten task={} reason=\"{}\"", task, later.getMessage());
    }
  }
}
