package dev.carillon.gateway.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// Adding a service is adding a file.
final class UserFolderTest {
  private static final Path PAGE = Path.of("../docs/catalog.md");

  @TempDir Path folder;

  @Test
  void the_example_of_the_docs_loads_and_checks() throws Exception {
    var matcher =
        Pattern.compile("```yaml\\n(name: .*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
    assertThat(matcher.find()).isTrue();
    write("postcards.yaml", matcher.group(1));

    Catalog catalog = Catalog.load(Optional.of(folder));

    Endpoint endpoint = catalog.find("POST", "/postcard/cards").orElseThrow().endpoint();
    var checked =
        endpoint
            .request()
            .check(JsonMapper.shared().readTree("{\"prompt\":\"sea\",\"count\":\"3\"}").asObject());
    assertThat(checked.isUsable()).isTrue();
    assertThat(endpoint.price(checked.cleaned())).hasToString("0.3");
    assertThat(endpoint.plan(checked.cleaned()))
        .containsEntry("kind", "image")
        .containsEntry("count", 3);
    assertThat(catalog.service("postcards")).isPresent();
    assertThat(catalog.services()).hasSize(37);
  }

  @Test
  void a_file_replaces_the_shipped_service_of_its_name() throws Exception {
    write("mine.yaml", minimal("veo", "/veo/mine"));

    Catalog catalog = Catalog.load(Optional.of(folder));

    assertThat(catalog.find("POST", "/veo/mine")).isPresent();
    assertThat(catalog.find("POST", "/veo/videos")).isEmpty();
    assertThat(catalog.services()).hasSize(36);
  }

  @Test
  void a_missing_or_empty_folder_adds_nothing() {
    assertThat(Catalog.load(Optional.of(folder.resolve("no"))).services()).hasSize(36);
    assertThat(Catalog.load(Optional.of(folder)).services()).hasSize(36);
  }

  @Test
  void all_mistakes_of_all_files_are_told_with_file_path_and_reason() throws Exception {
    write("a.yaml", "name: a\nendpoitns: []\n");
    write(
        "b.yaml",
        """
        name: b
        endpoints:
          - path: /c/things
            style: inlin
            price: free
            time: {typical: soon}
            request:
              required: [promt]
              properties:
                prompt: {type: strnig, maxLenght: 3}
                mode: {type: string, enum: [fast], default: slow}
            response: {u: "${wrok.url}"}
            make: {kind: image, count: 1}
        """);
    write("c.yaml", "name: [unclosed\n");
    write("d.yaml", "name: d\nname: d\n");

    CatalogException thrown =
        catchThrowableOfType(CatalogException.class, () -> Catalog.load(Optional.of(folder)));

    assertThat(thrown.faults().stream().map(CatalogFault::toString))
        .contains(
            "a.yaml: endpoitns: unknown key; did you mean 'endpoints'?",
            "a.yaml: endpoints: must list at least one endpoint",
            "b.yaml: endpoints[0].path: must begin with /b/ and not be its tasks query",
            "b.yaml: endpoints[0].style: unknown word 'inlin'; did you mean 'inline'?",
            "b.yaml: endpoints[0].price: must be a number of credits from 0 up, with at most six decimals",
            "b.yaml: endpoints[0].time.typical: must be a time such as 500ms, 30s, 2m, 1h or 7d",
            "b.yaml: endpoints[0].request.properties.prompt.type: unknown type 'strnig'; did you mean 'string'?",
            "b.yaml: endpoints[0].request.properties.prompt.maxLenght: unknown keyword; did you mean 'maxLength'?",
            "b.yaml: endpoints[0].request.properties.mode.default: default is invalid. 'slow' is not one of: fast.",
            "b.yaml: endpoints[0].request.required: names the field 'promt' that properties do not have; did you mean 'prompt'?",
            "b.yaml: endpoints[0].response.u: unknown name 'wrok'; did you mean 'work'?")
        .anySatisfy(fault ->
            assertThat(fault)
                .startsWith("c.yaml: line 1, column 16: is no YAML")
                .contains("expected"))
        .anySatisfy(fault -> assertThat(fault).startsWith("d.yaml: line 2").contains("name"));
    assertThat(thrown.getMessage()).contains("a.yaml").contains("b.yaml").contains("c.yaml");
  }

  @Test
  void names_and_aliases_must_not_collide() throws Exception {
    write("a.yaml", "aliases: [suno]\n" + minimal("a", "/a/x"));

    CatalogException thrown =
        catchThrowableOfType(CatalogException.class, () -> Catalog.load(Optional.of(folder)));

    assertThat(thrown.faults()).hasSize(1);
    assertThat(thrown.getMessage()).contains("'suno' already means suno");
    write("a.yaml", minimal("health", "/health/x"));
    write("b.yaml", minimal("b", "/b/x"));
    write("c.yaml", minimal("b", "/b/y"));
    thrown = catchThrowableOfType(CatalogException.class, () -> Catalog.load(Optional.of(folder)));
    assertThat(thrown.getMessage())
        .contains("'health' is a path of the gateway itself")
        .contains("c.yaml: name: the service 'b' stands in b.yaml, too");
  }

  private static String minimal(String name, String path) {
    return "name: %s\nendpoints:\n  - {path: %s, response: {u: x}, make: {kind: none, count: 0}}\n"
        .formatted(name, path);
  }

  private void write(String name, String content) throws Exception {
    Files.writeString(folder.resolve(name), content);
  }
}
