package dev.carillon.gateway.catalog;

import dev.carillon.gateway.domain.Money;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;

/// Reads one service file.
final class ServiceReader {
  private static final Set<String> SERVICE_KEYS =
      YamlObject.keys("name aliases title description tasks mirror limits endpoints");
  private static final Set<String> ENDPOINT_KEYS =
      YamlObject.keys(
          "path method type summary style envelope started-at streams headers request response"
              + " price time deadlines route make assets");
  private static final Set<String> METHODS = Set.of("POST", "GET", "DELETE");
  private static final Set<String> RESERVED =
      YamlObject.keys(
          "v1 api tasks health metrics docs console media admin assets uploads files models images videos chat"
              + " embeddings audio");
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final Duration TYPICAL = Duration.ofSeconds(60);
  private static final Duration LEAST_LIMIT = Duration.ofMinutes(20);

  private final Mistakes mistakes;

  private ServiceReader(String file) {
    this.mistakes = new Mistakes(file);
  }

  /// Reads a file's content.
  ///
  /// @throws CatalogException with every mistake in it
  static Service read(String file, byte[] content) {
    var reader = new ServiceReader(file);
    Service service = reader.service(reader.tree(content));
    reader.stopOnMistakes();
    return service;
  }

  private JsonNode tree(byte[] content) {
    try {
      JsonNode tree = Trees.yaml(content);
      if (tree.isObject()) {
        return tree;
      }
      mistakes.add("", "must be a YAML object with the keys of a service");
    } catch (JacksonException broken) {
      TokenStreamLocation at = broken.getLocation();
      String place = at == null ? "" : "line " + at.getLineNr() + ", column " + at.getColumnNr();
      mistakes.add(place, "is no YAML: " + reason(broken));
    }
    throw new CatalogException(mistakes.faults());
  }

  /// The parser's own words without its drawing of the place, which is told already.
  private static String reason(JacksonException broken) {
    return broken
        .getOriginalMessage()
        .lines()
        .filter(line -> !line.startsWith(" "))
        .collect(Collectors.joining(", "));
  }

  private void stopOnMistakes() {
    if (!mistakes.isEmpty()) {
      throw new CatalogException(mistakes.faults());
    }
  }

  private Service service(JsonNode tree) {
    var yaml = new YamlObject(tree, "", mistakes).known(SERVICE_KEYS);
    String name = yaml.text("name");
    List<String> aliases = yaml.texts("aliases");
    checkName("name", name);
    aliases.forEach(alias -> checkName("aliases", alias));
    var endpoints = new ArrayList<Endpoint>();
    for (YamlObject one : yaml.objects("endpoints")) {
      endpoints.add(endpoint(name, one.known(ENDPOINT_KEYS)));
    }
    if (endpoints.isEmpty()) {
      mistakes.add("endpoints", "must list at least one endpoint");
    }
    var seen = new HashSet<String>();
    for (Endpoint one : endpoints) {
      if (!seen.add(one.method() + " " + one.path())) {
        mistakes.add("endpoints", one.method() + " " + one.path() + " stands here twice");
      }
    }
    return new Service(
        name,
        aliases,
        yaml.text("title", name),
        yaml.text("description", ""),
        yaml.word("tasks", TaskShape.GENERIC),
        mirror(yaml.object("mirror")),
        new CeilingReader(mistakes).ceiling(yaml.object("limits")),
        endpoints);
  }

  private void checkName(String key, String name) {
    if (!NAME.matcher(name).matches()) {
      mistakes.add(key, "must be lower-case letters, digits and dashes, not '" + name + "'");
    } else if (RESERVED.contains(name)) {
      mistakes.add(key, "'" + name + "' is a path of the gateway itself; take another name");
    }
  }

  private static Mirror mirror(YamlObject yaml) {
    if (yaml.node().isMissingNode()) {
      return Mirror.NONE;
    }
    yaml.known(YamlObject.keys("content error failed-data flat"));
    return new Mirror(
        yaml.flag("content"), yaml.flag("error"), yaml.flag("failed-data"), yaml.flag("flat"));
  }

  private Endpoint endpoint(String service, YamlObject yaml) {
    String path = yaml.text("path");
    boolean ours = path.startsWith("/" + service + "/") && !path.endsWith("/");
    if (!ours || path.equals("/" + service + "/tasks")) {
      mistakes.add(yaml.at("path"), "must begin with /" + service + "/ and not be its tasks query");
    }
    String method = yaml.text("method", "POST");
    if (!METHODS.contains(method)) {
      mistakes.add(yaml.at("method"), "must be one of POST, GET, DELETE");
    }
    var shapes = new ShapeReader(mistakes);
    Timing timing = timing(yaml.object("time"));
    return new Endpoint(
        service,
        path,
        method,
        yaml.text("type", path.substring(path.lastIndexOf('/') + 1)),
        yaml.text("summary", ""),
        yaml.word("style", Style.INLINE),
        new SchemaReader(mistakes).request(yaml.get("request"), yaml.at("request")),
        shapes.shape(yaml.get("response"), yaml.at("response")),
        yaml.word("envelope", Envelope.FULL),
        yaml.flag("started-at"),
        yaml.flag("streams"),
        yaml.textMap("headers"),
        price(yaml),
        timing,
        deadlines(yaml.object("deadlines"), timing),
        route(yaml),
        shapes.shape(yaml.get("make"), yaml.at("make")),
        yaml.word("assets", Assets.COPY));
  }

  private List<String> route(YamlObject yaml) {
    List<String> route = yaml.texts("route");
    if (yaml.has("route") && route.isEmpty()) {
      mistakes.add(yaml.at("route"), "must name at least one provider");
    }
    return route.isEmpty() ? List.of("auto") : route;
  }

  private Price price(YamlObject yaml) {
    boolean plain = !yaml.get("price").isObject();
    if (plain) {
      return new Price(credits(yaml.text("price", "0"), yaml.at("price")), "", Set.of());
    }
    YamlObject inner = yaml.object("price").known(YamlObject.keys("credits per free good"));
    String per = inner.text("per", "");
    if (!per.isEmpty() && !yaml.get("request").path("properties").has(per)) {
      mistakes.add(inner.at("per"), "the request has no field '" + per + "'");
    }
    Set<String> free = Set.copyOf(inner.texts("free"));
    if (!free.isEmpty() && !yaml.get("request").path("properties").has("action")) {
      mistakes.add(inner.at("free"), "names actions, but the request has no field 'action'");
    }
    return new Price(
        credits(inner.text("credits"), inner.at("credits")), per, free, inner.text("good", ""));
  }

  private Money credits(String text, String path) {
    try {
      Money money = Money.ofCredits(text);
      if (!money.isNegative()) {
        return money;
      }
    } catch (ArithmeticException | NumberFormatException notMoney) {
      // The one message below says what is wanted in either case.
    }
    mistakes.add(path, "must be a number of credits from 0 up, with at most six decimals");
    return Money.ZERO;
  }

  private Timing timing(YamlObject yaml) {
    if (!yaml.node().isMissingNode()) {
      yaml.known(YamlObject.keys("typical p90 limit"));
    }
    Duration typical = yaml.time("typical", TYPICAL);
    Duration p90 = yaml.time("p90", typical.multipliedBy(2));
    Duration thrice = p90.multipliedBy(3);
    Duration limit = yaml.time("limit", thrice.compareTo(LEAST_LIMIT) > 0 ? thrice : LEAST_LIMIT);
    if (p90.compareTo(typical) < 0 || limit.compareTo(p90) < 0) {
      mistakes.add(yaml.path(), "must grow from typical over p90 to limit");
      return new Timing(typical, typical, typical);
    }
    return new Timing(typical, p90, limit);
  }

  private Deadlines deadlines(YamlObject yaml, Timing timing) {
    if (!yaml.node().isMissingNode()) {
      yaml.known(YamlObject.keys("start-by finish-by keep-for"));
    }
    Duration finishBy = yaml.time("finish-by", timing.limit());
    Optional<Duration> startBy = optional(yaml, "start-by");
    if (startBy.filter(by -> by.compareTo(finishBy) > 0).isPresent()) {
      mistakes.add(yaml.at("start-by"), "must not be later than finish-by");
    }
    return new Deadlines(startBy, finishBy, optional(yaml, "keep-for"));
  }

  private static Optional<Duration> optional(YamlObject yaml, String key) {
    return yaml.has(key) ? Optional.of(yaml.time(key, Duration.ZERO)) : Optional.empty();
  }

  /// The mistake of a file that cannot be read at all.
  static CatalogException unreadable(String file, Optional<String> reason) {
    return new CatalogException(
        List.of(new CatalogFault(file, "", "cannot be read: " + reason.orElse("unknown reason"))));
  }
}
