package dev.carillon.gateway.upstream.http;

import dev.carillon.gateway.upstream.DefinitionException;
import dev.carillon.gateway.upstream.http.Definition.Auth;
import dev.carillon.gateway.upstream.http.Definition.Model;
import dev.carillon.gateway.upstream.http.Definition.Quota;
import dev.carillon.gateway.upstream.http.Definition.Serve;
import dev.carillon.gateway.upstream.http.Definition.Webhook;
import dev.carillon.gateway.upstream.http.news.SignatureRule;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Reads one definition file: what holds for the provider as a whole. [PlanReader] reads the steps.
final class DefinitionReader {
  private static final List<String> OWN_KEYS =
      List.of(
          "name title source checked base-url hosts keys auth limits time timeout idempotency webhook serves"
              .split(" ", -1));
  private static final List<String> KEYS =
      Stream.concat(OWN_KEYS.stream(), PlanReader.KEYS.stream()).toList();
  private static final List<String> SERVE_KEYS =
      Stream.concat(
              Stream.of("endpoint", "priority", "weight", "when", "models"),
              PlanReader.KEYS.stream())
          .toList();

  private static final String UNSET = "http://invalid";

  private final Faults faults;

  private DefinitionReader(Faults faults) {
    this.faults = faults;
  }

  /// Reads a file's content.
  ///
  /// @throws DefinitionException with every mistake in it
  static Definition read(String file, String content) {
    Faults faults = new Faults(file);
    Optional<Definition> read = Optional.empty();
    try {
      if (Yaml.read(content) instanceof Yaml.Fields fields) {
        read = Optional.of(new DefinitionReader(faults).definition(fields));
      } else {
        faults.add(1, "must be an object with the keys of a provider");
      }
    } catch (Yaml.Broken broken) {
      faults.add(broken.line(), String.valueOf(broken.getMessage()));
    }
    if (!faults.found().isEmpty()) {
      throw new DefinitionException(faults.found());
    }
    return read.orElseThrow();
  }

  private Definition definition(Yaml.Fields top) {
    faults.known(top, "", KEYS);
    Map<String, String> keys = keys(top);
    URI base = base(top);
    List<Serve> serves = new ArrayList<>();
    for (Yaml one : faults.items(top, "serves")) {
      serves.addAll(serve(faults.fields(Optional.of(one), "serves"), top));
    }
    if (serves.isEmpty()) {
      faults.add(top.line(), "serves must list at least one endpoint");
    }
    String name = faults.needed(top, "name");
    if (!name.matches("[a-z0-9][a-z0-9-]{0,40}") || name.equals("sandbox")) {
      faults.add(line(top, "name"), "name must be lower-case letters, digits and dashes");
    }
    return new Definition(
        name,
        faults.text(top, "title").orElse(name),
        faults.needed(top, "source"),
        faults.needed(top, "checked"),
        base,
        baseVariable(top),
        new Hosts(base, faults.texts(top, "hosts")),
        keys,
        auth(faults.fields(Faults.get(top, "auth"), "auth"), keys.keySet()),
        quota(faults.fields(Faults.get(top, "limits"), "limits")),
        faults.time(top, "time", Duration.ofSeconds(60)),
        faults.time(top, "timeout", Duration.ofSeconds(30)),
        idempotency(top),
        webhook(top),
        serves);
  }

  private static int line(Yaml.Fields fields, String key) {
    return Faults.get(fields, key).map(Yaml::line).orElse(fields.line());
  }

  private Map<String, String> keys(Yaml.Fields top) {
    Map<String, String> keys = new LinkedHashMap<>();
    faults
        .fields(Faults.get(top, "keys"), "keys")
        .values()
        .forEach((name, variable) -> {
          if (variable instanceof Yaml.Scalar scalar
              && scalar.text().matches("[A-Z][A-Z0-9_]{1,60}")) {
            keys.put(name, scalar.text());
          } else {
            faults.add(variable.line(), "keys: write the name of an environment variable");
          }
        });
    if (keys.isEmpty() && baseVariable(top).isEmpty()) {
      faults.add(top.line(), "keys must name at least one environment variable");
    }
    return keys;
  }

  private Optional<String> baseVariable(Yaml.Fields top) {
    return faults
        .text(top, "base-url")
        .filter(text -> text.matches("\\$[A-Z][A-Z0-9_]{1,60}"))
        .map(text -> text.substring(1));
  }

  private URI base(Yaml.Fields top) {
    String text = baseVariable(top).isPresent() ? UNSET : faults.needed(top, "base-url");
    try {
      return address(text);
    } catch (IllegalArgumentException wrong) {
      faults.add(line(top, "base-url"), "base-url: " + wrong.getMessage());
      return URI.create(UNSET);
    }
  }

  /// An address to put paths to, without a slash at its end.
  static URI address(String text) {
    URI uri = URI.create(text.replaceFirst("/+$", ""));
    boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
    if (!web || uri.getHost() == null || uri.getQuery() != null || uri.getUserInfo() != null) {
      throw new IllegalArgumentException("write an http or https address");
    }
    return uri;
  }

  private Auth auth(Yaml.Fields auth, Set<String> keys) {
    faults.known(auth, "auth", List.of("type", "name", "value", "issuer", "secret", "lifetime"));
    String type =
        faults.word(
            auth,
            "type",
            List.of("none", "bearer", "header", "query", "jwt"),
            keys.isEmpty() ? "none" : "bearer");
    String only = keys.stream().findFirst().orElse("");
    return switch (type) {
      case "none" -> new Auth.None();
      case "header" ->
          new Auth.Header(faults.needed(auth, "name"), value(auth, "{key." + only + "}"));
      case "query" ->
          new Auth.Query(faults.needed(auth, "name"), value(auth, "{key." + only + "}"));
      case "jwt" ->
          new Auth.Jwt(
              key(auth, "issuer", keys),
              key(auth, "secret", keys),
              faults.time(auth, "lifetime", Duration.ofMinutes(30)));
      default -> new Auth.Header("Authorization", value(auth, "Bearer {key." + only + "}"));
    };
  }

  private Template value(Yaml.Fields auth, String fallback) {
    Yaml text = Faults.get(auth, "value").orElse(new Yaml.Scalar(auth.line(), fallback));
    return faults.template(text, "value").orElseGet(DefinitionReader::nothing);
  }

  private static Template nothing() {
    try {
      return Template.compile("");
    } catch (Expression.Mistake impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private String key(Yaml.Fields auth, String field, Set<String> keys) {
    String name = faults.needed(auth, field);
    if (!name.isEmpty() && !keys.contains(name)) {
      faults.add(line(auth, field), field + " names no key of this file");
    }
    return name;
  }

  private Quota quota(Yaml.Fields limits) {
    faults.known(limits, "limits", List.of("requests-per-second", "burst", "open-jobs"));
    double rate = faults.number(limits, "requests-per-second", 10);
    if (rate <= 0) {
      faults.add(limits.line(), "requests-per-second must be above 0");
    }
    return new Quota(
        rate,
        (int) Math.max(1, faults.number(limits, "burst", Math.ceil(rate))),
        (int) Math.max(1, faults.number(limits, "open-jobs", 1_000)));
  }

  private Optional<String> idempotency(Yaml.Fields top) {
    Yaml.Fields fields = faults.fields(Faults.get(top, "idempotency"), "idempotency");
    faults.known(fields, "idempotency", List.of("header"));
    return faults.text(fields, "header");
  }

  private Webhook webhook(Yaml.Fields top) {
    Yaml.Fields fields = faults.fields(Faults.get(top, "webhook"), "webhook");
    faults.known(fields, "webhook", List.of("job", "secret", "ed25519"));
    return new Webhook(
        new PlanReader(faults).expressions(fields, "job"),
        faults.text(fields, "secret"),
        signature(fields),
        Faults.get(top, "webhook").isPresent());
  }

  private Optional<SignatureRule> signature(Yaml.Fields webhook) {
    if (Faults.get(webhook, "ed25519").isEmpty()) {
      return Optional.empty();
    }
    Yaml.Fields fields = faults.fields(Faults.get(webhook, "ed25519"), "ed25519");
    faults.known(fields, "ed25519", List.of("keys", "signature", "timestamp", "signed"));
    List<String> signed =
        faults.texts(fields, "signed").stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    String signature = faults.needed(fields, "signature").toLowerCase(Locale.ROOT);
    String timestamp = faults.needed(fields, "timestamp").toLowerCase(Locale.ROOT);
    boolean binds =
        signed.contains(timestamp)
            && (signed.contains(SignatureRule.SHA256) || signed.contains(SignatureRule.BODY));
    if (!binds) {
      faults.add(fields.line(), "signed must hold the timestamp, and sha256 or body");
    }
    try {
      URI keys = address(faults.needed(fields, "keys"));
      return Optional.of(new SignatureRule(keys, signature, timestamp, signed));
    } catch (IllegalArgumentException wrong) {
      faults.add(line(fields, "keys"), "keys: " + wrong.getMessage());
      return Optional.empty();
    }
  }

  private List<Serve> serve(Yaml.Fields own, Yaml.Fields top) {
    faults.known(own, "serves", SERVE_KEYS);
    List<String> endpoints = faults.texts(own, "endpoint");
    if (endpoints.isEmpty()) {
      faults.add(own.line(), "endpoint is missing");
    }
    Map<String, Yaml> common = new LinkedHashMap<>(top.values());
    OWN_KEYS.forEach(common::remove);
    Map<String, Yaml> special = new LinkedHashMap<>(own.values());
    special.keySet().retainAll(PlanReader.KEYS);
    Yaml.Fields steps =
        Yaml.over(new Yaml.Fields(own.line(), special), new Yaml.Fields(top.line(), common));
    Optional<Definition.Plan> plan = new PlanReader(faults).plan(steps);
    Map<String, Model> models = models(own);
    int priority = (int) faults.number(own, "priority", 1);
    int weight = (int) Math.max(1, faults.number(own, "weight", 1));
    Optional<Expression> when = faults.expression(own, "when");
    return plan.stream()
        .flatMap(steady ->
            endpoints.stream().map(path -> new Serve(path, priority, weight, when, models, steady)))
        .toList();
  }

  private Map<String, Model> models(Yaml.Fields own) {
    Map<String, Model> models = new LinkedHashMap<>();
    Yaml.Fields table = faults.fields(Faults.get(own, "models"), "models");
    table.values().forEach((alias, value) -> models.put(alias, model(alias, value)));
    models.forEach((alias, model) -> {
      if (model.successor().filter(next -> !models.containsKey(next)).isPresent()) {
        faults.add(line(table, alias), "models: the successor of '" + alias + "' is not listed");
      }
    });
    return models;
  }

  private Model model(String alias, Yaml value) {
    if (value instanceof Yaml.Scalar name) {
      return new Model(name.text(), Optional.empty(), Optional.empty());
    }
    Yaml.Fields fields = faults.fields(Optional.of(value), "models");
    faults.known(fields, "models", List.of("name", "retired", "successor"));
    Optional<String> retired = faults.text(fields, "retired");
    Optional<Instant> from = Optional.empty();
    try {
      from = retired.map(day -> LocalDate.parse(day).atStartOfDay(ZoneOffset.UTC).toInstant());
    } catch (DateTimeParseException wrong) {
      faults.add(line(fields, "retired"), "retired must be a date such as 2026-09-24");
    }
    return new Model(
        faults.text(fields, "name").orElse(alias), from, faults.text(fields, "successor"));
  }
}
