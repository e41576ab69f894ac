package dev.carillon.gateway.manage;

import dev.carillon.gateway.catalog.Catalog;
import dev.carillon.gateway.catalog.Endpoint;
import dev.carillon.gateway.catalog.Service;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.http.Routes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What the platform API tells everybody: services, their APIs with prices, and models. Needs no
/// token, as there is nothing in it that `/openapi.json` does not say.
final class PlatformCatalog {
  private final Catalog catalog;
  private final CatalogIds ids;

  PlatformCatalog(Catalog catalog) {
    this.catalog = catalog;
    this.ids = new CatalogIds(catalog);
  }

  void addTo(Routes routes, String root) {
    routes
        .get(root + "/services", this::services)
        .get(root + "/services/{id}", this::service)
        .get(root + "/apis", this::apis)
        .get(root + "/apis/{id}", this::api)
        .get(root + "/models", this::models)
        .get(root + "/models/catalog", this::modelCatalog);
  }

  private Reply services(Call call) {
    List<String> wanted = call.queryAll("id");
    boolean none =
        call.query("type").filter(type -> !type.equals("Api")).isPresent()
            || call.query("tag").isPresent()
            || call.query("private").filter("true"::equals).isPresent();
    List<Service> found =
        catalog.services().stream()
            .filter(_ -> !none)
            .filter(one ->
                wanted.isEmpty() || wanted.contains(CatalogIds.ofService(one.name()).toString()))
            .toList();
    return Page.of(call).reply(found, PlatformCatalog::service);
  }

  private Reply service(Call call) {
    Service found =
        ids.service(call.pathParameter("id").orElse(""))
            .flatMap(catalog::service)
            .orElseThrow(() -> Directory.unknown("service"));
    ObjectNode body = service(found);
    body.putArray("packages");
    var apis = body.putArray("apis");
    found.endpoints().forEach(one -> apis.add(api(one)));
    return Shown.ok(body);
  }

  private static ObjectNode service(Service service) {
    ObjectNode node = Shown.object();
    node.put("id", CatalogIds.ofService(service.name()).toString());
    node.put("alias", service.name());
    node.put("title", service.title());
    node.put("description", service.description());
    node.put("type", "Api");
    node.put("unit", "Credit");
    node.put("free_amount", 0);
    node.put("private", false);
    node.putArray("tags");
    var cost = node.putObject("cost");
    service.endpoints().forEach(one -> cost.set(one.key(), cost(one)));
    return node;
  }

  private Reply apis(Call call) {
    Optional<String> path = call.query("path").flatMap(ids::api);
    List<String> services =
        List.of(call.queryAll("service"), call.queryAll("service_id")).stream()
            .flatMap(List::stream)
            .map(asked -> ids.service(asked).orElse(""))
            .toList();
    boolean none =
        (call.query("path").isPresent() && path.isEmpty())
            || call.query("stage").filter(stage -> !stage.equals("Production")).isPresent();
    List<Endpoint> found =
        catalog.endpoints().stream()
            .filter(_ -> !none)
            .filter(one -> path.isEmpty() || path.get().equals(one.key()))
            .filter(one -> services.isEmpty() || services.contains(one.service()))
            .toList();
    return Page.of(call).reply(found, path.isPresent() ? this::defined : PlatformCatalog::api);
  }

  private Reply api(Call call) {
    Endpoint found =
        ids.api(call.pathParameter("id").orElse(""))
            .flatMap(catalog::byKey)
            .orElseThrow(() -> Directory.unknown("API"));
    return Shown.ok(defined(found));
  }

  private static ObjectNode api(Endpoint endpoint) {
    ObjectNode node = Shown.object();
    node.put("id", CatalogIds.ofApi(endpoint.key()).toString());
    node.put("service_id", CatalogIds.ofService(endpoint.service()).toString());
    node.put("title", endpoint.summary());
    node.put("path", endpoint.path());
    node.put("method", endpoint.method());
    node.put("stage", "Production");
    node.set("cost", cost(endpoint));
    return node;
  }

  /// With the schema of its request.
  private ObjectNode defined(Endpoint endpoint) {
    ObjectNode node = api(endpoint);
    node.putObject("definition").set("requestBody", endpoint.request().json());
    return node;
  }

  private static ObjectNode cost(Endpoint endpoint) {
    ObjectNode node = Shown.object();
    node.put("amount", Shown.number(endpoint.price().amount()));
    node.put("per", endpoint.price().per().isEmpty() ? "call" : endpoint.price().per());
    return node;
  }

  /// The models that requests may name, as the list of OpenAI's API.
  private Reply models(Call call) {
    ObjectNode body = Shown.object().put("object", "list");
    var data = body.putArray("data");
    byModel()
        .forEach((model, endpoint) ->
            data.addObject()
                .put("id", model)
                .put("object", "model")
                .put("owned_by", endpoint.service()));
    return Shown.ok(body);
  }

  private Reply modelCatalog(Call call) {
    Map<String, Endpoint> models = byModel();
    ObjectNode body = Shown.object().put("count", models.size());
    var items = body.putArray("items");
    var counts = new LinkedHashMap<String, Integer>();
    models.forEach((model, endpoint) -> {
      String modality = modality(endpoint);
      counts.merge(modality, 1, Integer::sum);
      items
          .addObject()
          .put("id", model)
          .put("name", model)
          .put("provider", endpoint.service())
          .put("modality", modality)
          .put("path", endpoint.path())
          .set("cost", cost(endpoint));
    });
    var modalities = body.putObject("modalities");
    counts.forEach(modalities::put);
    return Shown.ok(body);
  }

  private Map<String, Endpoint> byModel() {
    var models = new LinkedHashMap<String, Endpoint>();
    for (Endpoint endpoint : catalog.endpoints()) {
      var schema = endpoint.request().json().path("properties").path("model");
      schema.path("enum").forEach(model -> models.putIfAbsent(model.asString(""), endpoint));
      // The form of a set that is open to newer words.
      schema
          .path("anyOf")
          .forEach(form ->
              form.path("enum").forEach(model -> models.putIfAbsent(model.asString(""), endpoint)));
    }
    return models;
  }

  private static String modality(Endpoint endpoint) {
    String path = endpoint.path().toLowerCase(Locale.ROOT);
    return path.contains("video")
        ? "video"
        : path.contains("audio") || path.contains("tts") || path.contains("lyrics")
            ? "music"
            : "image";
  }
}
