package dev.carillon.gateway.upstream.passthrough;

import dev.carillon.gateway.catalog.CatalogFault;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Spelling;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import okhttp3.HttpUrl;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Reads one provider's file; what is wrong goes to the faults with its place.
final class ProviderReader {
  private static final YAMLMapper YAML =
      YAMLMapper.builder(
              YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .build();
  private static final Set<String> KEYS = Set.of("base-url", "key", "models");
  private static final Set<String> MODEL_KEYS =
      Set.of("name", "upstream", "for", "price", "most-output");
  private static final Set<String> PRICE_KEYS = Set.of("request", "input", "output", "characters");
  private static final int USUAL_OUTPUT = 16_384;
  private static final int LARGEST_OUTPUT = 10_000_000;

  private final String file;
  private final List<CatalogFault> faults;

  ProviderReader(String file, List<CatalogFault> faults) {
    this.file = file;
    this.faults = faults;
  }

  /// Empty when it is no YAML object, or has no usable address.
  Optional<ProviderFile> read(byte[] content) {
    JsonNode tree;
    try {
      tree = YAML.readTree(content);
    } catch (JacksonException broken) {
      int line = broken.getLocation() == null ? 0 : broken.getLocation().getLineNr();
      fault(line > 0 ? "line " + line : "", "is no YAML: " + broken.getOriginalMessage());
      return Optional.empty();
    }
    if (!known(tree, "", KEYS)) {
      return Optional.empty();
    }
    String name = file.replaceFirst("\\.yaml$", "");
    HttpUrl base = HttpUrl.parse(text(tree, "base-url", ""));
    if (base == null) {
      fault("base-url", "must be an http or https URL");
      return Optional.empty();
    }
    String key = text(tree, "key", "");
    var models = new ArrayList<Model>();
    var seen = new HashSet<String>();
    int number = 0;
    for (JsonNode one : tree.path("models")) {
      String path = "models[" + number++ + "]";
      model(one, path, name).filter(model -> isNew(model, path, seen)).ifPresent(models::add);
    }
    if (models.isEmpty()) {
      fault("models", "must list at least one model");
    }
    return Optional.of(
        new ProviderFile(
            name, base, key.isEmpty() ? Optional.empty() : Optional.of(key), List.copyOf(models)));
  }

  private boolean isNew(Model model, String path, Set<String> seen) {
    boolean isNew = seen.add(model.modality() + " " + model.name());
    if (!isNew) {
      fault(path, "'" + model.name() + "' stands here twice for " + model.modality().word());
    }
    return isNew;
  }

  private Optional<Model> model(JsonNode node, String path, String owner) {
    if (!known(node, path, MODEL_KEYS)) {
      return Optional.empty();
    }
    String name = text(node, "name", "");
    if (name.isBlank()) {
      fault(path + ".name", "must be a model's name");
    }
    String word = text(node, "for", Modality.CHAT.word());
    Optional<Modality> modality = Modality.ofWord(word);
    if (modality.isEmpty()) {
      fault(path + ".for", "must be chat, embeddings or speech, not '" + word + "'");
      return Optional.empty();
    }
    int most = node.path("most-output").asInt(USUAL_OUTPUT);
    if (most < 1 || most > LARGEST_OUTPUT) {
      fault(path + ".most-output", "must be a number of tokens from 1 to " + LARGEST_OUTPUT);
    }
    return Optional.of(
        new Model(
            name,
            text(node, "upstream", name),
            owner,
            modality.get(),
            tariff(node.path("price"), path + ".price"),
            most));
  }

  private Tariff tariff(JsonNode node, String path) {
    if (!known(node, path, PRICE_KEYS)) {
      return new Tariff(Money.ZERO, Money.ZERO, Money.ZERO, Money.ZERO);
    }
    return new Tariff(
        money(node, path, "request"),
        money(node, path, "input"),
        money(node, path, "output"),
        money(node, path, "characters"));
  }

  private Money money(JsonNode node, String path, String key) {
    try {
      Money money = Money.ofCredits(text(node, key, "0"));
      if (!money.isNegative()) {
        return money;
      }
    } catch (NumberFormatException | ArithmeticException wrong) {
      // told below, as for a negative one
    }
    fault(path + "." + key, "must be a number of credits from 0 up, with at most six decimals");
    return Money.ZERO;
  }

  private boolean known(JsonNode node, String path, Set<String> keys) {
    if (!node.isObject()) {
      fault(path, "must be an object with " + String.join(", ", keys.stream().sorted().toList()));
      return false;
    }
    for (String key : node.propertyNames()) {
      if (!keys.contains(key)) {
        fault(path.isEmpty() ? key : path + "." + key, "unknown key" + Spelling.hint(key, keys));
      }
    }
    return true;
  }

  private static String text(JsonNode node, String key, String fallback) {
    return node.path(key).asString(fallback);
  }

  private void fault(String path, String reason) {
    faults.add(new CatalogFault(file, path, reason));
  }
}
