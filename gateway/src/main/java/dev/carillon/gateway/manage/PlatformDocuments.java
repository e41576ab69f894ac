package dev.carillon.gateway.manage;

import dev.carillon.gateway.catalog.Catalog;
import dev.carillon.gateway.catalog.Endpoint;
import dev.carillon.gateway.catalog.Service;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.http.Routes;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// The documents of the platform API (contract section 1.4): a page for each service, written from
/// the catalog. They need no token.
final class PlatformDocuments {
  private static final String TYPE = "Text";

  private final Catalog catalog;

  PlatformDocuments(Catalog catalog) {
    this.catalog = catalog;
  }

  void addTo(Routes routes, String root) {
    routes.get(root + "/documents", this::list);
  }

  /// One with its whole text is asked for by its `id` here, too.
  private Reply list(Call call) {
    List<String> ids = call.queryAll("id");
    boolean any = asksFor(call, "type", TYPE) && asksFor(call, "private", "false");
    List<Service> found =
        catalog.services().stream()
            .filter(_ -> any)
            .filter(one -> ids.isEmpty() || ids.contains(id(one).toString()))
            .filter(one -> asksFor(call, "tag", one.name()))
            .toList();
    return Page.of(call).reply(found, PlatformDocuments::shown);
  }

  private static boolean asksFor(Call call, String name, String value) {
    return call.query(name).map(asked -> asked.equalsIgnoreCase(value)).orElse(true);
  }

  private static UUID id(Service service) {
    return CatalogIds.ofDocument(service.name());
  }

  private static ObjectNode shown(Service service) {
    ObjectNode node = Shown.object();
    node.put("id", id(service).toString());
    node.put("alias", service.name());
    node.put("title", service.title());
    node.put("type", TYPE);
    node.put("private", false);
    node.putArray("tags").add(service.name());
    node.put("content", text(service));
    return node;
  }

  private static String text(Service service) {
    var text = new StringBuilder();
    text.append("# ").append(service.title()).append("\n\n").append(service.description());
    for (Endpoint endpoint : service.endpoints()) {
      text.append("\n\n## ").append(endpoint.method()).append(' ').append(endpoint.path());
      text.append("\n\n").append(endpoint.summary()).append("\n\nPrice: ");
      text.append(endpoint.price().amount()).append(" credits a ");
      text.append(endpoint.price().per().isEmpty() ? "call" : endpoint.price().per());
    }
    return text.append('\n').toString();
  }
}
