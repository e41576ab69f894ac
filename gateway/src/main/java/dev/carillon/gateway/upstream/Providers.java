package dev.carillon.gateway.upstream;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.catalog.Catalog;
import dev.carillon.gateway.catalog.Endpoint;
import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Outcome;
import dev.carillon.gateway.domain.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Finds the provider of a claim's endpoint and lets it run.
public final class Providers implements Upstream {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Catalog catalog;
  private final Map<String, Provider> byName;
  private final Supplier<String> baseUrl;

  /// @param baseUrl what URLs served by this gateway begin with; asked at each job, as the port may
  ///   be known only after the start
  public Providers(Catalog catalog, List<Provider> providers, Supplier<String> baseUrl) {
    this.catalog = catalog;
    this.byName = providers.stream().collect(Collectors.toMap(Provider::name, Function.identity()));
    this.baseUrl = baseUrl;
  }

  @Override
  public Outcome run(Claim claim, Progress progress) throws InterruptedException {
    Optional<Endpoint> endpoint = endpoint(claim);
    if (endpoint.isEmpty()) {
      return new Outcome.Refused(
          new Reason(ErrorCode.API_NOT_IMPLEMENTED, "The catalog has this endpoint no longer."));
    }
    Optional<Provider> provider = provider(endpoint.get());
    if (provider.isEmpty()) {
      return new Outcome.Refused(
          new Reason(ErrorCode.API_NOT_IMPLEMENTED, "No provider is set up for this endpoint."));
    }
    return provider.get().run(job(claim, endpoint.get(), progress));
  }

  @Override
  public CancelAnswer cancel(Claim claim) {
    return endpoint(claim)
        .flatMap(endpoint ->
            provider(endpoint).map(provider -> provider.cancel(job(claim, endpoint, _ -> {}))))
        .orElse(CancelAnswer.UNSUPPORTED);
  }

  private Optional<Endpoint> endpoint(Claim claim) {
    return catalog.byKey(claim.task().order().endpoint());
  }

  private Optional<Provider> provider(Endpoint endpoint) {
    return endpoint.route().stream().map(byName::get).filter(p -> p != null).findFirst();
  }

  private Job job(Claim claim, Endpoint endpoint, Progress progress) {
    ObjectNode body = (ObjectNode) JSON.readTree(claim.task().order().request());
    ObjectNode request = endpoint.request().check(body).cleaned();
    return new Job(claim, endpoint, request, baseUrl.get(), progress);
  }
}
