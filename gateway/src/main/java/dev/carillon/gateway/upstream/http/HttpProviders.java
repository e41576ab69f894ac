package dev.carillon.gateway.upstream.http;

import dev.carillon.gateway.domain.Inlet;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.upstream.DefinitionException;
import dev.carillon.gateway.upstream.News;
import dev.carillon.gateway.upstream.Provider;
import dev.carillon.gateway.upstream.Sleeper;
import dev.carillon.gateway.upstream.UpstreamListener;
import dev.carillon.gateway.upstream.http.news.PublicKeys;
import dev.carillon.gateway.upstream.http.spool.Spool;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All providers that files describe and whose keys are set.
public final class HttpProviders implements AutoCloseable {
  private static final Duration KEYS_TIMEOUT = Duration.ofSeconds(5);
  private static final Logger log = LoggerFactory.getLogger(HttpProviders.class);

  private final List<HttpProvider> providers;
  private final Spool spool;
  private final Wire wire;
  private final NewsSeal seal;
  private final Map<String, PublicKeys> publicKeys = new HashMap<>();
  private final ProviderConfig config;
  private final InstantSource clock;

  /// What is given in.
  ///
  /// @param secret seals the addresses that providers tell news to; the same after a restart
  @SuppressWarnings("ArrayRecordComponent") // copied on the way in and out
  public record Parts(
      InstantSource clock,
      Sleeper sleeper,
      UpstreamListener listener,
      byte[] secret,
      Outside outside) {
    public Parts {
      secret = secret.clone();
    }

    @Override
    public byte[] secret() {
      return secret.clone();
    }
  }

  /// What results need of other rooms.
  ///
  /// @param inlet keeps bytes
  /// @param guarded fetches from addresses that are somebody else's word; made when first needed
  public record Outside(Inlet inlet, Supplier<OkHttpClient> guarded) {}

  /// Reads and compiles the definitions.
  ///
  /// @throws DefinitionException with every mistake in the operator's files, or in a key
  public HttpProviders(ProviderConfig config, Parts parts) {
    this.config = config;
    this.spool = new Spool(config.spool(), config.answers());
    this.wire = new Wire(spool, parts.outside().guarded());
    this.clock = parts.clock();
    this.seal = new NewsSeal(parts.secret());
    HttpProvider.Tools tools =
        new HttpProvider.Tools(
            wire,
            clock,
            parts.sleeper(),
            parts.listener(),
            seal,
            config.newsUrl(),
            new HttpProvider.Keeping(spool, parts.outside().inlet(), this::isBase));
    List<HttpProvider> found = new ArrayList<>();
    Collection<Definition> all = Definitions.all(config.folder(), config.environment()).values();
    checkKeys(all);
    for (Definition definition : all) {
      located(definition)
          .map(there -> new HttpProvider(there, KeyPool.of(there, config.environment()), tools))
          .filter(provider -> !config.off().contains(provider.name()))
          .ifPresent(found::add);
    }
    this.providers = List.copyOf(found);
    providers.forEach(one ->
        one.definition()
            .webhook()
            .signature()
            .ifPresent(rule -> publicKeys.put(one.name(), new PublicKeys(rule, this::fetch))));
    providers.forEach(
        one -> log.info("upstream.provider name={} base={}", one.name(), one.definition().base()));
  }

  private void checkKeys(Collection<Definition> all) {
    List<String> faults =
        all.stream()
            .filter(one -> !config.off().contains(one.name()))
            .flatMap(one -> KeyPool.faults(one, config.environment()).stream())
            .distinct()
            .toList();
    if (!faults.isEmpty()) {
      throw new DefinitionException(faults);
    }
  }

  /// The definition at its address; empty where a key or the address is not set.
  private Optional<Definition> located(Definition definition) {
    Optional<Definition> at =
        Optional.ofNullable(config.baseUrls().get(definition.name()))
            .or(() ->
                definition
                    .baseVariable()
                    .flatMap(name -> Optional.ofNullable(config.environment().get(name)))
                    .filter(text -> !text.isBlank())
                    .map(ProviderConfig::address))
            .map(definition::at);
    Optional<Definition> there =
        at.isPresent() || definition.baseVariable().isPresent() ? at : Optional.of(definition);
    return there.filter(one -> !KeyPool.of(one, config.environment()).keys().isEmpty());
  }

  public List<Provider> providers() {
    return List.copyOf(providers);
  }

  /// The names of all providers there are files for, also of those whose keys are not set.
  public Set<String> known() {
    Set<String> names = new TreeSet<>(Definitions.names());
    names.addAll(Definitions.all(config.folder(), config.environment()).keySet());
    return names;
  }

  /// Whether an address is on the server of one of them.
  public boolean isBase(URI address) {
    return providers.stream().anyMatch(one -> one.definition().hosts().isBase(address));
  }

  /// Reads news that somebody sent; empty when the address is none of ours, or the definition asks
  /// for a signature and it is missing or wrong.
  ///
  /// @param header finds one by its name
  public Optional<News> heard(
      String provider, String token, Function<String, Optional<String>> header, byte[] body)
      throws InterruptedException {
    Optional<HttpProvider> teller =
        providers.stream().filter(one -> one.name().equals(provider)).findFirst();
    Optional<TaskId> task = teller.flatMap(_ -> seal.task(provider, token));
    if (teller.isEmpty() || task.isEmpty()) {
      return Optional.empty();
    }
    Definition definition = teller.get().definition();
    return isGenuine(definition, headers(definition, header), body)
        ? Optional.of(new News(task.get(), job(definition, body)))
        : Optional.empty();
  }

  private static Map<String, String> headers(
      Definition definition, Function<String, Optional<String>> header) {
    Set<String> names = new TreeSet<>(NewsSeal.HEADERS);
    definition.webhook().signature().ifPresent(rule -> names.addAll(rule.headers()));
    Map<String, String> headers = new HashMap<>();
    names.forEach(name -> header.apply(name).ifPresent(value -> headers.put(name, value)));
    return headers;
  }

  /// A provider's public keys.
  private Optional<String> fetch(URI address) throws InterruptedException {
    Reply reply =
        wire.send(
            new Wire.Ask(
                "GET",
                address,
                Map.of("Accept", "application/json"),
                Optional.empty(),
                KEYS_TIMEOUT,
                new Wire.Manner(false, false, "", Wire.ALWAYS)));
    return reply instanceof Reply.Answered answered && answered.ok()
        ? Optional.of(answered.body().string(StandardCharsets.UTF_8))
        : Optional.empty();
  }

  private boolean isGenuine(Definition definition, Map<String, String> headers, byte[] body)
      throws InterruptedException {
    Optional<PublicKeys> keys = Optional.ofNullable(publicKeys.get(definition.name()));
    if (keys.isPresent() && !keys.get().isSigned(headers, body, clock.instant())) {
      log.info("upstream.news.unsigned provider={}", definition.name());
      return false;
    }
    Optional<String> secret =
        definition
            .webhook()
            .secretVariable()
            .flatMap(name -> Optional.ofNullable(config.environment().get(name)))
            .filter(text -> !text.isBlank());
    return secret.isEmpty() || NewsSeal.isSigned(secret.get(), headers, body, clock.instant());
  }

  private static Map<String, String> job(Definition definition, byte[] body) {
    Map<String, String> job = new HashMap<>();
    Object value;
    try {
      value = Reply.Json.MAPPER.readValue(new String(body, StandardCharsets.UTF_8), Object.class);
      Map<String, Object> input = Map.of("body", value == null ? Map.of() : value);
      definition
          .webhook()
          .job()
          .forEach((name, one) -> one.text(input).ifPresent(text -> job.put(name, text)));
    } catch (tools.jackson.core.JacksonException | Expression.Failure unreadable) {
      return Map.of();
    }
    return job.size() == definition.webhook().job().size() ? job : Map.of();
  }

  @Override
  public void close() {
    wire.close();
    spool.close();
  }
}
