package dev.carillon.gateway.upstream.passthrough;

import dev.carillon.gateway.upstream.DefinitionException;
import dev.carillon.gateway.upstream.KeyText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Which model is answered by whom. Never changes after the start.
///
/// A provider takes part when the environment variable that its file names holds a key, or when it
/// names none. Where no provider takes part for a modality the sandbox answers for every model
/// name; the name `sandbox` always means it.
public final class Switchboard {
  /// The model name that always means the sandbox.
  public static final String SANDBOX = "sandbox";

  private final Supplier<List<ProviderFile>> files;
  private final Function<String, Optional<String>> keys;
  private final Sandboxed sandbox;
  private volatile @Nullable Map<Modality, Map<String, Line>> known;

  /// A model and who answers it.
  public record Line(Model model, Backend backend) {}

  /// What the sandbox costs.
  @FunctionalInterface
  public interface Tariffs {
    Tariff of(Modality modality);
  }

  private Switchboard(
      Supplier<List<ProviderFile>> files,
      Function<String, Optional<String>> keys,
      Sandboxed sandbox) {
    this.files = files;
    this.keys = keys;
    this.sandbox = sandbox;
  }

  /// Made on first use, so that a start without files of the user's reads no YAML.
  private Map<Modality, Map<String, Line>> lines() {
    var present = known;
    if (present == null) {
      present = made();
      known = present;
    }
    return present;
  }

  private void checkKeys(List<ProviderFile> all) {
    List<String> faults = new ArrayList<>();
    for (ProviderFile file : all) {
      file.key()
          .flatMap(name -> keys.apply(name).flatMap(key -> KeyText.fault(name, key)))
          .ifPresent(faults::add);
    }
    if (!faults.isEmpty()) {
      throw new DefinitionException(faults);
    }
  }

  private Map<Modality, Map<String, Line>> made() {
    var lines = new EnumMap<Modality, Map<String, Line>>(Modality.class);
    List<ProviderFile> all = files.get();
    checkKeys(all);
    for (ProviderFile file : all) {
      Optional<String> key =
          file.key().flatMap(keys).map(String::strip).filter(text -> !text.isEmpty());
      if (file.key().isPresent() && key.isEmpty()) {
        continue;
      }
      var backend = new HttpBackend(file.base(), key);
      for (Model model : file.models()) {
        lines
            .computeIfAbsent(model.modality(), _ -> new LinkedHashMap<>())
            .put(model.name(), new Line(model, backend));
      }
    }
    return lines;
  }

  /// The sandbox's part.
  public record Sandboxed(Backend backend, Tariffs tariffs) {}

  /// Reads the shipped provider files and those of a folder, which replace shipped ones by name.
  ///
  /// @param keys the value of an environment variable
  /// @throws dev.carillon.gateway.catalog.CatalogException with every mistake in every file
  /// @throws DefinitionException for keys that cannot be sent
  public static Switchboard load(
      Path folder, Function<String, Optional<String>> keys, Sandboxed own) {
    if (ProviderFiles.areIn(folder)) {
      List<ProviderFile> read = ProviderFiles.read(folder);
      var board = new Switchboard(() -> read, keys, own);
      board.checkKeys(read);
      return board;
    }
    return new Switchboard(() -> ProviderFiles.read(folder), keys, own);
  }

  /// Who answers a model; empty for one that nobody knows.
  public Optional<Line> find(Modality modality, String model) {
    Map<String, Line> mine = lines().getOrDefault(modality, Map.of());
    Line line = mine.get(model);
    if (line != null) {
      return Optional.of(line);
    }
    return mine.isEmpty() || model.equals(SANDBOX)
        ? Optional.of(sandboxed(modality, model))
        : Optional.empty();
  }

  private Line sandboxed(Modality modality, String name) {
    Tariff tariff = sandbox.tariffs().of(modality);
    return new Line(
        new Model(name, name, SANDBOX, modality, tariff, SandboxBackend.MOST_OUTPUT),
        sandbox.backend());
  }

  /// All models of the files of providers that take part, and the sandbox.
  public List<Model> models() {
    var all = new ArrayList<Model>();
    lines().values().forEach(mine -> mine.values().forEach(line -> all.add(line.model())));
    all.add(sandboxed(Modality.CHAT, SANDBOX).model());
    return List.copyOf(all);
  }
}
