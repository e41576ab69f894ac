package dev.carillon.gateway.asset;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.access.Access;
import dev.carillon.gateway.access.Kind;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.Caller;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Problem;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.http.Routes;
import dev.carillon.gateway.store.TaskStore;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Serves the files of tasks: one by its signed link, without a token; all of a task as a list with
/// fresh links, to its owner.
public final class AssetRoutes {
  /// What the path of a task's file begins with.
  static final String TASKS = "/assets";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final AssetKeeper keeper;
  private final Access access;
  private final TaskStore tasks;
  private final Links links;
  private final FileAnswer files;

  public AssetRoutes(
      AssetKeeper keeper, Links links, Access access, TaskStore tasks, InstantSource clock) {
    this.keeper = keeper;
    this.links = links;
    this.access = access;
    this.tasks = tasks;
    this.files = new FileAnswer(keeper.shelf().store(), clock);
  }

  /// Adds all routes.
  public Routes addTo(Routes routes) {
    return routes.get(TASKS + "/{task}/{name}", this::file).get("/tasks/{id}/assets", this::list);
  }

  /// One file. A task that was deleted takes its files along at once, whatever their links say.
  private Reply file(Call call) {
    Instant until = links.check(call);
    TaskId id = TaskId.parse(call.pathParameter("task").orElse("")).orElseThrow(AssetRoutes::none);
    String text = call.pathParameter("name").orElse("");
    Name name = Name.parse(text).orElseThrow(AssetRoutes::none);
    if (tasks.find(id).isEmpty()) {
      throw Problem.of(ErrorCode.GONE);
    }
    return files.answer(
        call,
        new FileAnswer.Wanted(
            Shelf.of(id).file(text),
            name.sha256(),
            name.extension(),
            "%s-%d.%s".formatted(id, name.index(), name.extension()),
            until));
  }

  private static Problem none() {
    return new Problem(ErrorCode.NOT_FOUND, "There is no such file.");
  }

  /// The files of a task, and what was left with its provider.
  private Reply list(Call call) {
    Caller caller = access.admit(call, Optional.empty(), Kind.QUERY);
    Task task =
        TaskId.parse(call.pathParameter("id").orElse(""))
            .flatMap(tasks::find)
            .filter(found -> found.order().owner().application().equals(caller.application()))
            .filter(found -> caller.mayUse(found.order().service()))
            .orElseThrow(() -> Problem.of(ErrorCode.NOT_FOUND));
    try {
      return Reply.json(JSON.writeValueAsBytes(listed(task)))
          .withHeader("Cache-Control", "private, no-store");
    } catch (IOException storage) {
      throw Problem.of(ErrorCode.UNAVAILABLE);
    }
  }

  private ObjectNode listed(Task task) throws IOException {
    Shelf shelf = keeper.shelf();
    List<Manifest.Item> noted = shelf.manifest(task.id()).items();
    Map<String, Manifest.Item> byName = new HashMap<>();
    noted.forEach(item -> item.name().ifPresent(name -> byName.put(name, item)));
    ObjectNode root = JSON.createObjectNode();
    ArrayNode items = root.putArray("items");
    for (AssetStore.Entry entry : shelf.store().list(Shelf.of(task.id()))) {
      Optional<Name> name = Name.parse(entry.name());
      if (name.isPresent()) {
        Optional<Manifest.Item> item = Optional.ofNullable(byName.get(entry.name()));
        add(items.addObject(), task, entry, name.get())
            .set("pointers", pointers(item.map(Manifest.Item::pointers).orElse(List.of())));
      }
    }
    ArrayNode left = root.putArray("left");
    for (Manifest.Item item : noted) {
      item.failure()
          .ifPresent(why -> {
            ObjectNode node = left.addObject().put("url", item.source()).put("reason", why);
            node.set("pointers", pointers(item.pointers()));
          });
    }
    return root;
  }

  private ObjectNode add(ObjectNode node, Task task, AssetStore.Entry entry, Name name) {
    Instant until = keeper.end(task);
    return node.put("name", entry.name())
        .put("content_type", Sniffed.ofExtension(name.extension()).contentType())
        .put("bytes", entry.bytes())
        .put("sha256", name.sha256())
        .put("url", links.to(AssetKeeper.path(task.id(), entry.name()), until))
        .put("expires_at", Instant.ofEpochSecond(until.getEpochSecond()).toString());
  }

  private static ArrayNode pointers(List<String> pointers) {
    ArrayNode list = JSON.createArrayNode();
    pointers.forEach(list::add);
    return list;
  }
}
