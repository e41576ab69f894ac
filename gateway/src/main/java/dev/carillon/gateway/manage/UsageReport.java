package dev.carillon.gateway.manage;

import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.store.UsageStore;
import dev.carillon.gateway.store.UsageStore.DayQuery;
import dev.carillon.gateway.store.UsageStore.Group;
import dev.carillon.gateway.store.UsageStore.Sum;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// Sums of what was used, as JSON or CSV: `?from=&to=&group=day,service`.
///
/// @param from the first day
/// @param to the last day
record UsageReport(LocalDate from, LocalDate to, Set<Group> groups) {
  static final int MOST_ROWS = 10_000;
  private static final int USUAL_DAYS = 30;

  /// What the call asks for: the last thirty days by day and service, unless it says otherwise.
  static UsageReport asked(Call call, Instant now) {
    LocalDate to = day(call, "to").orElse(LocalDate.ofInstant(now, ZoneOffset.UTC));
    LocalDate from = day(call, "from").orElse(to.minusDays(USUAL_DAYS - 1L));
    if (from.isAfter(to)) {
      throw Body.fault("from must not be after to");
    }
    return new UsageReport(from, to, groups(call.query("group").orElse("day,service")));
  }

  private static Optional<LocalDate> day(Call call, String name) {
    return call.query(name)
        .map(text -> {
          try {
            return LocalDate.parse(text);
          } catch (DateTimeParseException wrong) {
            throw Body.fault(name + " must be a day such as 2026-11-23");
          }
        });
  }

  private static Set<Group> groups(String words) {
    var groups = EnumSet.noneOf(Group.class);
    for (String word : words.split(",", -1)) {
      if (!word.isBlank()) {
        groups.add(group(word.strip()));
      }
    }
    return groups;
  }

  private static Group group(String word) {
    return Stream.of(Group.values())
        .filter(group -> name(group).equals(word))
        .findFirst()
        .orElseThrow(() -> Body.fault("group must be of application, day, service and api"));
  }

  private static String name(Group group) {
    return group.name().toLowerCase(Locale.ROOT);
  }

  /// The same with rows of their own for services, where a reader may see only some.
  UsageReport byService() {
    var more = EnumSet.of(Group.SERVICE);
    more.addAll(groups);
    return new UsageReport(from, to, more);
  }

  /// Reads and shows.
  ///
  /// @param application whose; empty for all
  /// @param seen which rows may be seen
  Reply reply(
      Call call, UsageStore store, Optional<ApplicationId> application, Predicate<Sum> seen) {
    List<Sum> found = store.sums(new DayQuery(application, from, to, groups, MOST_ROWS + 1));
    if (found.size() > MOST_ROWS) {
      throw Body.fault(
          "there are more than " + MOST_ROWS + " rows: ask for fewer days or fewer groups");
    }
    List<Sum> rows = found.stream().filter(seen).toList();
    return Csv.isAskedBy(call) ? csv(rows) : json(rows);
  }

  private Reply json(List<Sum> rows) {
    ObjectNode body = Shown.object();
    body.put("from", from.toString()).put("to", to.toString());
    var names = body.putArray("group");
    groups.stream().sorted().forEach(group -> names.add(name(group)));
    var items = body.putArray("items");
    for (Sum row : rows) {
      ObjectNode item = items.addObject();
      for (Group group : Group.values()) {
        part(row, group).ifPresent(text -> item.put(name(group), text));
      }
      write(row, item);
    }
    write(total(rows), body.putObject("total"));
    return Shown.ok(body);
  }

  private static void write(Sum row, ObjectNode node) {
    node.put("tasks", row.tasks());
    node.put("succeeded", row.succeeded());
    node.put("failed", row.failed());
    node.put("cancelled", row.cancelled());
    node.put("expired", row.expired());
    node.put("charged", row.charged().toString());
    node.put("mean_seconds", mean(row));
    node.put("longest_seconds", seconds(row.longest()));
  }

  private Reply csv(List<Sum> rows) {
    var head = new ArrayList<String>();
    groups.stream().sorted().forEach(group -> head.add(name(group)));
    head.addAll(List.of("tasks", "succeeded", "failed", "cancelled", "expired", "charged"));
    head.addAll(List.of("mean_seconds", "longest_seconds"));
    var csv = new Csv().line(head);
    for (Sum row : rows) {
      var cells = new ArrayList<String>();
      groups.stream().sorted().forEach(group -> cells.add(part(row, group).orElse("")));
      Stream.of(row.tasks(), row.succeeded(), row.failed(), row.cancelled(), row.expired())
          .forEach(count -> cells.add(count.toString()));
      cells.add(row.charged().toString());
      cells.add(mean(row).toPlainString());
      cells.add(seconds(row.longest()).toPlainString());
      csv.line(cells);
    }
    return csv.reply("usage-" + from + "-" + to + ".csv");
  }

  private static Optional<String> part(Sum row, Group group) {
    return switch (group) {
      case APPLICATION -> row.of().application().map(Object::toString);
      case DAY -> row.of().day().map(Object::toString);
      case SERVICE -> row.of().service();
      case API -> row.of().api();
    };
  }

  /// From acceptance to success, on average.
  private static BigDecimal mean(Sum row) {
    return row.succeeded() == 0 ? BigDecimal.ZERO : seconds(row.took().dividedBy(row.succeeded()));
  }

  private static BigDecimal seconds(Duration duration) {
    return BigDecimal.valueOf(duration.toMillis(), 3).setScale(3, RoundingMode.HALF_UP);
  }

  private static Sum total(List<Sum> rows) {
    var nothing = Optional.<String>empty();
    var of = new UsageStore.Of(Optional.empty(), Optional.empty(), nothing, nothing);
    return rows.stream()
        .reduce(
            new Sum(of, 0, 0, 0, 0, Money.ZERO, Duration.ZERO, Duration.ZERO),
            (a, b) ->
                new Sum(
                    of,
                    a.succeeded() + b.succeeded(),
                    a.failed() + b.failed(),
                    a.cancelled() + b.cancelled(),
                    a.expired() + b.expired(),
                    a.charged().plus(b.charged()),
                    a.took().plus(b.took()),
                    a.longest().compareTo(b.longest()) > 0 ? a.longest() : b.longest()));
  }
}
