package dev.carillon.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.catalog.Catalog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is told about routes that lead nowhere.
class RoutingTest {
  private static final Set<String> PROVIDERS = Set.of("kling", "fal", "replicate", "sandbox");

  @TempDir Path folder;

  private static List<String> faults(Map<String, List<String>> routes) {
    return new Routing(routes).faults(Catalog.load(Optional.empty()), PROVIDERS);
  }

  @Test
  void routes_of_known_endpoints_to_known_providers_are_right() {
    assertThat(
            faults(
                Map.of(
                    "/kling/videos", List.of("kling:3 | fal:1", "replicate"),
                    "/flux/images", List.of("sandbox"))))
        .isEmpty();
  }

  @Test
  void an_unknown_endpoint_and_an_unknown_provider_are_told_with_what_was_meant() {
    assertThat(faults(Map.of("/kling/video", List.of("kling"))))
        .containsExactly(
            "provider.routes: there is no endpoint '/kling/video'; did you mean '/kling/videos'?");
    assertThat(faults(Map.of("/kling/videos", List.of("klng:2|fal"))))
        .containsExactly(
            "provider.routes: /kling/videos: there is no provider 'klng'; did you mean 'kling'?");
  }

  @Test
  void a_weight_that_is_none_is_told() {
    assertThat(faults(Map.of("/kling/videos", List.of("kling:0|fal:much"))))
        .containsExactly(
            "provider.routes: /kling/videos: the weight of 'kling' must be 1 to 999999",
            "provider.routes: /kling/videos: the weight of 'fal' must be 1 to 999999");
  }

  @Test
  void an_unknown_provider_in_a_service_file_is_told_too() throws Exception {
    Files.writeString(
        folder.resolve("mine.yaml"),
        """
        name: mine
        title: Mine
        description: Mine.
        endpoints:
          - path: /mine/images
            summary: Makes them.
            route: [replicat]
            request: {properties: {prompt: {type: string, description: What.}}}
            response: {data: [{$each: works, image_url: "${work.url}"}]}
            make: {kind: image, prompt: "${request.prompt}"}
        """);

    assertThat(Routing.NONE.faults(Catalog.load(Optional.of(folder)), PROVIDERS))
        .containsExactly(
            "the route of /mine/images: there is no provider 'replicat'; did you mean 'replicate'?");
  }
}
