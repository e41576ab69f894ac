package dev.carillon.gateway.manage;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.access.PlatformAccess;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.http.Routes;
import dev.carillon.gateway.store.UsageStore;
import dev.carillon.gateway.store.UsageStore.DayQuery;
import dev.carillon.gateway.store.UsageStore.Group;
import dev.carillon.gateway.store.UsageStore.Sum;
import dev.carillon.gateway.store.UsageStore.TaskUse;
import dev.carillon.gateway.store.UsageStore.Used;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// Usage as the platform API tells it: a row for each ended task that is still kept, and sums by
/// day, which stay. At most [#MOST] newest rows of an application are looked at.
final class PlatformUsage {
  static final int MOST = 1_000;
  private static final int MOST_APPLICATIONS = 50;
  private static final int OK = 200;

  private final Directory directory;
  private final PlatformAccess access;
  private final CatalogIds ids;
  private final UsageStore store;

  PlatformUsage(Directory directory, PlatformAccess access, CatalogIds ids) {
    this.directory = directory;
    this.access = access;
    this.ids = ids;
    this.store = directory.store().usage();
  }

  void addTo(Routes routes, String root) {
    routes
        .get(root + "/usage/apis", this::list)
        .get(root + "/usage/apis/aggregate", this::aggregate)
        .get(root + "/usage/apis/export", this::export)
        .get(root + "/usage/apis/{id}", this::one);
  }

  private Reply list(Call call) {
    return Page.of(call).reply(found(call), this::shown);
  }

  private Reply one(Call call) {
    AccountId account = access.admit(call).account();
    Used found =
        TaskId.parse(call.pathParameter("id").orElse(""))
            .flatMap(store::task)
            .filter(used -> directory.application(used.application()).account().equals(account))
            .orElseThrow(() -> Directory.unknown("usage record"));
    return Shown.ok(shown(found));
  }

  private Reply export(Call call) {
    var names =
        List.of("id", "created_at", "application_id", "credential_id", "path", "status_code");
    var csv =
        new Csv().line(Stream.concat(names.stream(), Stream.of("amount", "trace_id")).toList());
    for (Used used : found(call)) {
      csv.line(
          List.of(
              used.id().toString(),
              used.createdAt().toString(),
              used.application().toString(),
              used.credential().toString(),
              used.api(),
              Integer.toString(status(used)),
              used.charged().toString(),
              used.traceId()));
    }
    return csv.reply("usage.csv");
  }

  private List<Used> found(Call call) {
    List<Application> applications = applications(call);
    Optional<CredentialId> credential = call.query("credential_id").flatMap(CredentialId::parse);
    Optional<String> api = call.query("api_id").flatMap(ids::api);
    boolean none =
        (call.query("credential_id").isPresent() && credential.isEmpty())
            || (call.query("api_id").isPresent() && api.isEmpty());
    Instant from = time(call, "created_at_from").orElse(Instant.EPOCH);
    Instant to =
        time(call, "created_at_to").orElse(directory.clock().instant().plus(Duration.ofDays(1)));
    List<String> statuses = call.queryAll("status_code");
    return applications.stream()
        .filter(_ -> !none)
        .flatMap(
            one -> store.tasks(new TaskUse(one.id(), credential, api, from, to, MOST)).stream())
        .filter(used -> statuses.isEmpty() || statuses.contains(Integer.toString(status(used))))
        .sorted(Comparator.comparing((Used used) -> used.id().toString()).reversed())
        .toList();
  }

  private static Optional<Instant> time(Call call, String name) {
    return call.query(name).map(text -> Body.instant(name, text));
  }

  private List<Application> applications(Call call) {
    AccountId account = access.admit(call).account();
    List<String> users = call.queryAll("user_id");
    List<String> asked = call.queryAll("application_id");
    List<Application> mine =
        directory.applications(Optional.of(account)).stream()
            .filter(_ -> users.isEmpty() || users.contains(account.toString()))
            .filter(one -> asked.isEmpty() || asked.contains(one.id().toString()))
            .toList();
    if (mine.size() > MOST_APPLICATIONS) {
      throw Body.fault(
          "name at most "
              + MOST_APPLICATIONS
              + " applications by application_id, as there are more");
    }
    return mine;
  }

  private ObjectNode shown(Used used) {
    ObjectNode node = Shown.object();
    node.put("id", used.id().toString());
    node.put("task_id", used.id().toString());
    node.put("trace_id", used.traceId());
    node.put("application_id", used.application().toString());
    node.put("credential_id", used.credential().toString());
    node.put("service_id", CatalogIds.ofService(used.service()).toString());
    node.put("api_id", CatalogIds.ofApi(used.api()).toString());
    node.put("path", used.api());
    node.put("status_code", status(used));
    node.put("amount", Shown.number(used.charged()));
    node.put("elapsed", Duration.between(used.createdAt(), used.endedAt()).toMillis() / 1000.0);
    node.put("created_at", used.createdAt().toString());
    node.put("updated_at", used.endedAt().toString());
    return node;
  }

  /// The status a waiting caller was answered with.
  private static int status(Used used) {
    return used.succeeded()
        ? OK
        : used.error().flatMap(ErrorCode::ofWire).orElse(ErrorCode.CANCELLED).status();
  }

  /// Sums by day and API; days count as a whole.
  private Reply aggregate(Call call) {
    LocalDate to = LocalDate.ofInstant(directory.clock().instant(), ZoneOffset.UTC);
    LocalDate from =
        time(call, "created_at_from")
            .map(time -> LocalDate.ofInstant(time, ZoneOffset.UTC))
            .orElse(to.minusDays(29));
    Optional<String> api = call.query("api_id").flatMap(ids::api);
    ObjectNode body = Shown.object();
    var items = body.putArray("items");
    var apis = body.putObject("apis");
    Money total = Money.ZERO;
    for (Application one : applications(call)) {
      var query =
          new DayQuery(
              Optional.of(one.id()),
              from,
              to,
              EnumSet.of(Group.DAY, Group.API),
              UsageReport.MOST_ROWS);
      for (Sum sum : store.sums(query)) {
        String key = sum.of().api().orElse("");
        if (api.isPresent() && !api.get().equals(key)) {
          continue;
        }
        total = total.plus(sum.charged());
        items
            .addObject()
            .put("date", sum.of().day().map(LocalDate::toString).orElse(""))
            .put("application_id", one.id().toString())
            .put("api_id", CatalogIds.ofApi(key).toString())
            .put("amount", Shown.number(sum.charged()))
            .put("count", sum.tasks());
        apis.putObject(CatalogIds.ofApi(key).toString()).put("title", key).put("path", key);
      }
    }
    return Shown.ok(body.put("total", Shown.number(total)));
  }
}
