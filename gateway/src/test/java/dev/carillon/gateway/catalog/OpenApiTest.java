package dev.carillon.gateway.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The OpenAPI document and the page that shows it.
final class OpenApiTest {
  private final Catalog catalog = Catalog.load(Optional.empty());
  private final OpenApi openApi = new OpenApi(catalog);
  private final JsonNode document = JsonMapper.shared().readTree(openApi.bytes());

  @Test
  void every_endpoint_and_each_services_query_is_in_it() {
    JsonNode paths = document.path("paths");

    for (Endpoint endpoint : catalog.endpoints()) {
      JsonNode operation =
          paths.path(endpoint.path()).path(endpoint.method().toLowerCase(java.util.Locale.ROOT));
      assertThat(operation.path("operationId").asString("")).as(endpoint.path()).isNotEmpty();
      assertThat(operation.path("responses").has("200")).isTrue();
    }
    for (Service service : catalog.services()) {
      assertThat(paths.path("/" + service.name() + "/tasks").has("post")).isTrue();
    }
    assertThat(paths.propertyNames())
        .contains(
            "/v1/tasks",
            "/v1/tasks/{id}",
            "/v1/tasks/{id}/cancel",
            "/v1/tasks/{id}/events",
            "/v1/endpoints",
            "/v1/endpoints/{id}",
            "/v1/endpoints/{id}/rotate",
            "/v1/endpoints/{id}/test",
            "/v1/endpoints/{id}/recover",
            "/v1/deliveries",
            "/v1/deliveries/{id}",
            "/v1/deliveries/{id}/redeliver",
            "/v1/deliveries/redeliver",
            "/v1/webhook-secret",
            "/v1/webhook-secret/rotate",
            "/v1/events",
            "/v1/consumers",
            "/v1/consumers/{name}",
            "/health/live",
            "/health/ready",
            "/metrics");
    assertThat(document.path("openapi").asString()).startsWith("3.1");
    assertThat(document.at("/components/securitySchemes/bearer/scheme").asString())
        .isEqualTo("bearer");
    assertThat(document.at("/components/schemas/ErrorCode/examples").toString())
        .contains("no_token", "used_up", "timeout");
  }

  @Test
  void every_reference_leads_somewhere_and_every_operation_has_its_own_id() {
    var references = new ArrayList<String>();
    var ids = new ArrayList<String>();
    gather(document, references, ids);

    assertThat(references).isNotEmpty();
    assertThat(new HashSet<>(references))
        .allSatisfy(
            ref -> assertThat(document.at(ref.substring(1)).isMissingNode()).as(ref).isFalse());
    assertThat(ids).doesNotHaveDuplicates();
  }

  @Test
  void every_path_parameter_is_described() {
    document
        .path("paths")
        .properties()
        .forEach(path -> {
          if (path.getKey().contains("{id}")) {
            assertThat(path.getValue().toString())
                .as(path.getKey())
                .containsAnyOf(
                    "\"in\":\"path\"",
                    "#/components/parameters/TaskId",
                    "#/components/parameters/EndpointId",
                    "#/components/parameters/DeliveryId");
          }
        });
  }

  @Test
  void the_document_is_made_once() {
    assertThat(openApi.bytes()).isSameAs(openApi.bytes());
  }

  @Test
  void the_page_and_its_files_are_served_and_nothing_else() {
    var page = new DocsPage();

    String html = text(page, "");
    assertThat(html).contains("/docs/swagger-ui-bundle.js", "/docs/start.js");
    assertThat(html + text(page, "start.js")).doesNotContain("http:", "https:", "//cdn");
    assertThat(text(page, "start.js")).contains("/openapi.json").contains("validatorUrl: null");
    for (String asset :
        List.of(
            "swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png", "favicon-16x16.png")) {
      assertThat(page.asset(asset).orElseThrow().bytes()).as(asset).isNotEmpty();
    }
    for (String asset : List.of("../pom.xml", "index.html", "docs.html", "swagger-ui.js", "/")) {
      assertThat(page.asset(asset)).as(asset).isEmpty();
    }
    assertThat(DocsPage.HEADERS.get("Content-Security-Policy")).contains("connect-src 'self'");
  }

  private static String text(DocsPage page, String asset) {
    return new String(page.asset(asset).orElseThrow().bytes(), StandardCharsets.UTF_8);
  }

  private static void gather(JsonNode node, List<String> references, List<String> ids) {
    if (node.path("$ref").isString()) {
      references.add(node.path("$ref").asString());
    }
    if (node.path("operationId").isString()) {
      ids.add(node.path("operationId").asString());
    }
    node.forEach(one -> gather(one, references, ids));
  }
}
