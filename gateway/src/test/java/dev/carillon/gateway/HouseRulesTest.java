package dev.carillon.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.carillon.gateway.domain.Outcome;
import dev.carillon.gateway.domain.TaskState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Which room may know which, and what no room may do. The same table stands in CONTRIBUTING.md and
/// in `docs/architecture.md`.
final class HouseRulesTest {
  private static final String ROOT = HouseRulesTest.class.getPackageName();

  private static final Map<String, Set<String>> MAY_KNOW =
      Map.ofEntries(
          Map.entry("domain", Set.of()),
          Map.entry("config", Set.of("domain")),
          Map.entry("catalog", Set.of("domain")),
          Map.entry("store", Set.of("domain")),
          Map.entry("http", Set.of("domain")),
          Map.entry("access", Set.of("domain", "store", "http")),
          Map.entry("intake", Set.of("domain", "catalog", "store", "http", "access")),
          Map.entry("feed", Set.of("domain", "catalog", "store", "http", "access")),
          Map.entry("webhook", Set.of("domain", "store", "http", "access")),
          Map.entry("manage", Set.of("domain", "catalog", "store", "http", "access")),
          Map.entry(
              "openai",
              Set.of("domain", "catalog", "store", "http", "access", "intake", "feed", "upstream")),
          Map.entry("engine", Set.of("domain", "store", "upstream")),
          Map.entry("upstream", Set.of("domain", "catalog")),
          Map.entry("asset", Set.of("domain", "store", "http", "access", "delivery")),
          Map.entry("delivery", Set.of("domain", "store")),
          Map.entry("ops", Set.of("domain", "store", "http", "access")));

  /// Fewer classes than this and the importer looked in the wrong place.
  private static final int LEAST_CLASSES = 30;

  /// Methods that ask the machine for the time, by class.
  private static final Map<String, Set<String>> WALL_CLOCK =
      Map.of(
          "java.time.Instant", Set.of("now"),
          "java.time.LocalDate", Set.of("now"),
          "java.time.LocalTime", Set.of("now"),
          "java.time.LocalDateTime", Set.of("now"),
          "java.time.OffsetDateTime", Set.of("now"),
          "java.time.ZonedDateTime", Set.of("now"),
          "java.time.Clock", Set.of("system", "systemUTC", "systemDefaultZone"),
          "java.time.InstantSource", Set.of("system"),
          "java.util.Date", Set.of("<init>"),
          "java.lang.System", Set.of("currentTimeMillis"));

  private static final Set<String> CONNECTORS =
      Set.of(
          "java.net.Socket",
          "java.net.URLConnection",
          "java.net.HttpURLConnection",
          "java.nio.channels.SocketChannel",
          "javax.net.SocketFactory");

  private static final Set<String> MEANINGLESS_ENDINGS =
      Set.of("Manager", "Helper", "Util", "Utils", "Impl", "Base", "Common");

  private static final JavaClasses GATEWAY =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  @TestFactory
  Stream<DynamicTest> a_room_knows_only_the_rooms_below_it() {
    return MAY_KNOW.keySet().stream()
        .sorted()
        .map(room -> DynamicTest.dynamicTest(room, () -> checkKnowledgeOf(room)));
  }

  private static void checkKnowledgeOf(String room) {
    var allowed = MAY_KNOW.getOrDefault(room, Set.of());

    noClasses()
        .that(are("in " + room, type -> roomOf(type).equals(room)))
        .should()
        .dependOnClassesThat(
            are(
                "in a room it may not know, or in the root package",
                other ->
                    isOurs(other)
                        && !roomOf(other).equals(room)
                        && !allowed.contains(roomOf(other))))
        .allowEmptyShould(true)
        .check(GATEWAY);
  }

  @Test
  void every_room_stands_in_the_table() {
    var rooms = new TreeSet<String>();
    GATEWAY.stream()
        .map(HouseRulesTest::roomOf)
        .filter(room -> !room.isEmpty())
        .forEach(rooms::add);

    assertThat(MAY_KNOW.keySet()).containsAll(rooms);
    assertThat(GATEWAY.size()).isGreaterThan(LEAST_CLASSES);
  }

  @Test
  void rooms_have_no_cycles() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(GATEWAY);
  }

  @Test
  void the_documents_show_the_same_table() {
    var architecture = Path.of("..", "docs", "architecture.md");

    assertThat(tableIn(Path.of("..", "CONTRIBUTING.md"))).isEqualTo(MAY_KNOW);
    if (Files.exists(architecture)) {
      assertThat(tableIn(architecture)).isEqualTo(MAY_KNOW);
    }
  }

  @Test
  void only_the_store_speaks_sql() {
    noClasses()
        .that(areOutside(Set.of("store")))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.sql..",
            "javax.sql..",
            "org.sqlite..",
            "org.flywaydb..",
            "com.zaxxer.hikari..",
            "org.postgresql..")
        .check(GATEWAY);
  }

  @Test
  void only_three_rooms_open_outgoing_connections() {
    noClasses()
        .that(areOutside(Set.of("upstream", "asset", "delivery")))
        .should()
        .dependOnClassesThat(
            are(
                "made to open connections",
                other ->
                    other.getPackageName().startsWith("okhttp3")
                        || other.getPackageName().startsWith("java.net.http")
                        || CONNECTORS.contains(other.getName())))
        .check(GATEWAY);
  }

  @Test
  void nobody_reads_the_wall_clock() {
    classes()
        .should(
            new ArchCondition<JavaClass>("take the time from an InstantSource given in") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                // Calls and method references alike.
                for (var access : type.getCodeUnitAccessesFromSelf()) {
                  var owner = access.getTargetOwner().getName();
                  if (WALL_CLOCK.getOrDefault(owner, Set.of()).contains(access.getName())
                      && !isDateOfMillis(access.getTarget().getFullName())) {
                    events.add(SimpleConditionEvent.violated(type, access.getDescription()));
                  }
                }
              }
            })
        .check(GATEWAY);
  }

  /// `new Date(millis)` reads no clock; `new Date()` does.
  private static boolean isDateOfMillis(String target) {
    return target.startsWith("java.util.Date.<init>(") && !target.endsWith("()");
  }

  @Test
  void nobody_keeps_state_in_thread_locals() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveNameMatching("java\\.lang\\.(Inheritable)?ThreadLocal")
        .check(GATEWAY);
  }

  @Test
  void every_state_and_every_outcome_is_a_record() {
    assertThat(leavesOf(TaskState.class)).isNotEmpty().allMatch(Class::isRecord);
    assertThat(leavesOf(Outcome.class)).isNotEmpty().allMatch(Class::isRecord);
  }

  @Test
  void names_say_what_a_thing_is() {
    assertThat(GATEWAY.stream().map(JavaClass::getSimpleName))
        .noneMatch(name -> MEANINGLESS_ENDINGS.stream().anyMatch(name::endsWith));
  }

  private static Stream<Class<?>> leavesOf(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(HouseRulesTest::leavesOf)
        : Stream.of(type);
  }

  private static DescribedPredicate<JavaClass> are(String words, Predicate<JavaClass> what) {
    return DescribedPredicate.describe("are " + words, what);
  }

  private static DescribedPredicate<JavaClass> areOutside(Set<String> rooms) {
    return are("outside " + rooms, type -> !rooms.contains(roomOf(type)));
  }

  private static boolean isOurs(JavaClass type) {
    return (type.getPackageName() + ".").startsWith(ROOT + ".");
  }

  /// The room of a class, sub-packages included; empty for the root package and foreign classes.
  private static String roomOf(JavaClass type) {
    if (!type.getPackageName().startsWith(ROOT + ".")) {
      return "";
    }
    var below = type.getPackageName().substring(ROOT.length() + 1);
    var dot = below.indexOf('.');
    return dot < 0 ? below : below.substring(0, dot);
  }

  /// Reads the rows "| `room` | … | rooms it may know |" of a document.
  private static Map<String, Set<String>> tableIn(Path document) {
    var row = Pattern.compile("^\\| `([a-z]+)` \\|[^|]*\\| ([a-z, ]+) \\|$", Pattern.MULTILINE);
    var table = new LinkedHashMap<String, Set<String>>();
    row.matcher(read(document))
        .results()
        .forEach(found -> table.put(found.group(1), rooms(found.group(2))));
    return table;
  }

  private static Set<String> rooms(String cell) {
    return cell.equals("nobody") ? Set.of() : Set.copyOf(List.of(cell.split(", ", -1)));
  }

  private static String read(Path document) {
    try {
      return Files.readString(document);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
