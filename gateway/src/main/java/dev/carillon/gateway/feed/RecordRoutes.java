package dev.carillon.gateway.feed;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.access.Access;
import dev.carillon.gateway.access.Kind;
import dev.carillon.gateway.catalog.Service;
import dev.carillon.gateway.catalog.TaskShape;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.account.Caller;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Problem;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.store.Store;
import dev.carillon.gateway.store.TaskStore.TaskQuery;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.node.ObjectNode;

/// The compatible reading API: `POST /{service}/tasks` (contract section 3). A foreign task looks
/// like an unknown one.
public final class RecordRoutes {
  private static final int USUAL_LIMIT = 12;
  private static final int MAESTRO_LIMIT = 20;
  private static final int MOST_COUNTED = 10_000;
  private static final long MOST_KEPT_BYTES = 16L << 20;

  private final Access access;
  private final Store store;
  private final TaskRoutes natives;
  private final GenericRecord generic;
  private final FeedConfig.Kept kept;

  /// Records of ended tasks, which never change but for expired ones: most polls that are not of
  /// open tasks are of just ended ones, and each has several readers.
  private final Cache<TaskId, byte[]> ended =
      Caffeine.newBuilder()
          .maximumWeight(MOST_KEPT_BYTES)
          .weigher((TaskId _, byte[] record) -> record.length)
          .build();

  public RecordRoutes(FeedConfig config, Access access, Store store, TaskRoutes natives) {
    this.access = access;
    this.store = store;
    this.natives = natives;
    this.kept = config.kept();
    this.generic = new GenericRecord(config.mirror());
  }

  /// Answers a query about a service's tasks.
  public Reply query(Call call, Service service) {
    Caller caller = access.admit(call, Optional.of(service.name()), Kind.QUERY);
    ObjectNode body = call.method().equals("GET") ? fromQuery(call) : call.json().node();
    int limit = service.tasks() == TaskShape.MAESTRO ? MAESTRO_LIMIT : USUAL_LIMIT;
    RecordQuery query = RecordQuery.of(body, limit);
    return switch (query.action()) {
      case "retrieve_batch" -> batch(caller, service, query);
      case "delete" -> delete(caller, service, query);
      default -> one(caller, service, query);
    };
  }

  private static ObjectNode fromQuery(Call call) {
    ObjectNode body = GenericRecord.JSON.createObjectNode();
    for (String field : List.of("id", "task_id", "trace_id")) {
      call.query(field).ifPresent(value -> body.put(field, value));
    }
    return body;
  }

  private Reply one(Caller caller, Service service, RecordQuery query) {
    Optional<Task> task = find(caller, service, query);
    if (task.isEmpty()) {
      return unknown(service);
    }
    return new Reply.Json(200, record(task.get(), service), natives.headers(task.get()));
  }

  private byte[] record(Task task, Service service) {
    return task.state().isFinal() && !(task.state() instanceof TaskState.Expired)
        ? ended.get(task.id(), _ -> written(task, service))
        : written(task, service);
  }

  private byte[] written(Task task, Service service) {
    return json(json -> write(task, service, json)).getBytes(StandardCharsets.UTF_8);
  }

  private Optional<Task> find(Caller caller, Service service, RecordQuery query) {
    if (query.id().isEmpty() && query.traceId().isEmpty()) {
      throw new Problem(ErrorCode.BAD_REQUEST, "id or trace_id is required to retrieve a task");
    }
    Optional<Task> byId = query.id().flatMap(TaskId::parse).flatMap(store.tasks()::find);
    return byId.or(() -> byTrace(caller, service, query))
        .filter(task -> isOwn(caller, service, task))
        .filter(kept::stillKeeps);
  }

  private Optional<Task> byTrace(Caller caller, Service service, RecordQuery query) {
    return query.id().isPresent()
        ? Optional.empty()
        : query
            .traceId()
            .flatMap(
                trace -> store.tasks().findByTrace(caller.application(), service.name(), trace));
  }

  private static Reply unknown(Service service) {
    return switch (service.tasks()) {
      case MAESTRO -> throw Problem.of(ErrorCode.NOT_FOUND);
      case DIGITAL_HUMAN -> throw Problem.of(ErrorCode.NO_TASK);
      default -> Reply.json(200, "{}", Map.of());
    };
  }

  private Reply batch(Caller caller, Service service, RecordQuery query) {
    List<Task> tasks;
    int count;
    if (!query.isAbout(caller.owner())) {
      tasks = List.of();
      count = 0;
    } else if (query.ids().isEmpty() && query.traceIds().isEmpty()) {
      TaskQuery page = page(caller, service, query);
      tasks = BoundedPage.read(store.tasks(), page).tasks();
      count = store.tasks().count(page, MOST_COUNTED);
    } else {
      tasks = named(caller, service, query);
      count = tasks.size();
    }
    String counted = service.tasks() == TaskShape.MINIMAX ? "total" : "count";
    return Reply.json(200, batchJson(tasks, service, counted, count), Map.of());
  }

  /// Tasks by id, then by trace, each once.
  private List<Task> named(Caller caller, Service service, RecordQuery query) {
    Set<TaskId> ids = new LinkedHashSet<>();
    query.ids().stream().map(TaskId::parse).flatMap(Optional::stream).forEach(ids::add);
    for (String trace : query.traceIds()) {
      store
          .tasks()
          .findByTrace(caller.application(), service.name(), trace)
          .ifPresent(task -> ids.add(task.id()));
    }
    List<Task> tasks = BoundedPage.find(store.tasks(), List.copyOf(ids));
    tasks.removeIf(task -> !isOwn(caller, service, task) || !kept.stillKeeps(task));
    return tasks;
  }

  private static boolean isOwn(Caller caller, Service service, Task task) {
    return task.order().owner().application().equals(caller.application())
        && task.order().service().equals(service.name());
  }

  private static TaskQuery page(Caller caller, Service service, RecordQuery query) {
    return new TaskQuery(
        caller.application(),
        Optional.of(service.name()),
        query.type(),
        Optional.empty(),
        query.createdMin(),
        query.createdMax(),
        Optional.empty(),
        query.offset(),
        query.limit());
  }

  /// Only the services whose contract has it (section 3.1). A task whose callback is still on its
  /// way stays until that is told.
  private Reply delete(Caller caller, Service service, RecordQuery query) {
    Access.requireWriting(caller);
    if (service.tasks() != TaskShape.MINIMAX && service.tasks() != TaskShape.DIGITAL_HUMAN) {
      throw new Problem(
          ErrorCode.BAD_REQUEST, "action is invalid. It must be retrieve or retrieve_batch");
    }
    Optional<Task> task = find(caller, service, query);
    if (task.isEmpty() || !store.tasks().remove(task.get().id(), caller.application())) {
      return unknown(service);
    }
    String id = task.get().id().toString();
    return Reply.json(200, "{\"success\":true,\"id\":\"" + id + "\",\"deleted\":true}", Map.of());
  }

  private String batchJson(List<Task> tasks, Service service, String counted, int count) {
    return json(json -> {
      json.writeStartObject();
      json.writeArrayPropertyStart("items");
      tasks.forEach(task -> write(task, service, json));
      json.writeEndArray();
      json.writeNumberProperty(counted, count);
      json.writeEndObject();
    });
  }

  private interface Writing {
    void to(JsonGenerator json);
  }

  private static String json(Writing writing) {
    var text = new StringWriter(1024);
    try (JsonGenerator json = GenericRecord.JSON.createGenerator(text)) {
      writing.to(json);
    }
    return text.toString();
  }

  private void write(Task task, Service service, JsonGenerator json) {
    shape(service).write(task, service, json);
  }

  private RecordShape shape(Service service) {
    return switch (service.tasks()) {
      case GENERIC -> generic;
      case MAESTRO -> new MaestroRecord();
      case DIGITAL_HUMAN, FLAT -> new FlatRecord();
      case MINIMAX -> new MinimaxRecord();
      case CAPTCHA -> new CaptchaRecord();
    };
  }
}
