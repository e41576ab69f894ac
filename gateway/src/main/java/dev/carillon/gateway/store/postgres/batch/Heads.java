package dev.carillon.gateway.store.postgres.batch;

import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.postgres.sql.Row;
import dev.carillon.gateway.store.postgres.sql.Session;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/// The heads of feeds a batch has locked: the place given last, and how many tasks are open. Since
/// only who holds the lock gives places, whoever commits later gives later ones.
public final class Heads {
  private static final String MAKE =
      "INSERT INTO head (application_id) SELECT id FROM unnest(?::uuid[]) AS id"
          + " WHERE NOT EXISTS (SELECT 1 FROM head WHERE application_id = id) ORDER BY id"
          + " ON CONFLICT DO NOTHING";
  private static final String LOCK =
      "SELECT application_id, position, open_tasks FROM head WHERE application_id = ANY(?)"
          + " ORDER BY application_id FOR UPDATE";
  private static final String WRITE =
      "UPDATE head SET position = v.position, open = v.open, open_tasks = v.open_tasks"
          + " FROM unnest(?::uuid[], ?::bigint[], ?::bigint[], ?::text[])"
          + " AS v(application_id, position, open, open_tasks)"
          + " WHERE head.application_id = v.application_id";

  private final Map<ApplicationId, Head> heads = new HashMap<>();

  /// Makes those that are missing and locks all, with the session's next message.
  void lock(Session session, Collection<ApplicationId> applications) {
    if (!applications.isEmpty()) {
      List<UUID> ids = applications.stream().map(ApplicationId::value).toList();
      session.sql(MAKE).putIds(ids).later();
      session.sql(LOCK).putIds(ids).later(Head::read, head -> heads.put(head.application, head));
    }
  }

  private Head head(ApplicationId application) {
    Head head = heads.get(application);
    if (head == null) {
      throw new IllegalStateException("the feed of " + application + " is not locked");
    }
    return head;
  }

  /// The next place in an application's feed.
  public long nextPosition(ApplicationId application) {
    Head head = head(application);
    head.changed = true;
    head.position++;
    return head.position;
  }

  /// How many tasks of an application are open, as this batch leaves it so far.
  int open(ApplicationId application) {
    return head(application).total();
  }

  int open(ApplicationId application, String service) {
    return head(application).open.getOrDefault(service, 0);
  }

  void opened(ApplicationId application, String service) {
    Head head = head(application);
    head.changed = true;
    head.open.merge(service, 1, Integer::sum);
  }

  void closed(ApplicationId application, String service) {
    Head head = head(application);
    head.changed = true;
    head.open.computeIfPresent(service, (_, count) -> count <= 1 ? null : count - 1);
  }

  void write(Session session) throws SQLException {
    List<Head> changed =
        heads.values().stream()
            .filter(head -> head.changed)
            .sorted(Comparator.comparing(head -> head.application.value()))
            .toList();
    if (!changed.isEmpty()) {
      session
          .sql(WRITE)
          .ids(changed, head -> head.application.value())
          .numbers(changed, head -> head.position)
          .numbers(changed, Head::total)
          .texts(changed, head -> lines(head.open))
          .later();
    }
  }

  /// How many tasks are open by service, as the database keeps it: a line each, the count first.
  static String lines(Map<String, Integer> open) {
    var text = new StringBuilder();
    open.forEach((service, count) -> text.append(count).append(' ').append(service).append('\n'));
    return text.toString();
  }

  /// Reads what [#lines] wrote.
  public static Map<String, Integer> counts(String lines) {
    var open = new TreeMap<String, Integer>();
    for (String line : lines.split("\n", -1)) {
      int space = line.indexOf(' ');
      if (space > 0) {
        open.put(line.substring(space + 1), Integer.valueOf(line.substring(0, space)));
      }
    }
    return open;
  }

  private static final class Head {
    private final ApplicationId application;
    private long position;
    private final Map<String, Integer> open;
    private boolean changed;

    private Head(ApplicationId application, long position, Map<String, Integer> open) {
      this.application = application;
      this.position = position;
      this.open = open;
    }

    private int total() {
      return open.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static Head read(Row row) throws SQLException {
      return new Head(new ApplicationId(row.uuid()), row.number(), counts(row.text()));
    }
  }
}
