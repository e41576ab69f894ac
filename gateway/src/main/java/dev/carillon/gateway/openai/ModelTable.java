package dev.carillon.gateway.openai;

import dev.carillon.gateway.catalog.Catalog;
import dev.carillon.gateway.catalog.CatalogException;
import dev.carillon.gateway.catalog.CatalogFault;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which endpoint of the catalog stands behind which model of pictures and videos: the shipped file
/// `models.yaml`, and one of the user's, whose models replace shipped ones by name.
///
/// The shipped file is read on first use, the user's at the start, so that a mistake in it stops
/// that.
final class ModelTable {
  private static final String SHIPPED = "models.yaml";
  private static final long MOST_BYTES = 1 << 20;

  private final Catalog catalog;
  private final Path own;
  private volatile @Nullable Map<Medium, Map<String, MediaModel>> known;

  private ModelTable(Catalog catalog, Path own) {
    this.catalog = catalog;
    this.own = own;
  }

  /// @param own the user's file; may be absent
  /// @throws CatalogException with every mistake in it
  static ModelTable load(Catalog catalog, Path own) {
    var table = new ModelTable(catalog, own);
    if (Files.exists(own)) {
      table.known = table.read();
    }
    return table;
  }

  /// What stands behind a model.
  Optional<MediaModel> find(Medium medium, String model) {
    return Optional.ofNullable(all().getOrDefault(medium, Map.of()).get(model));
  }

  /// All models of one kind, in the order of the files.
  Collection<MediaModel> of(Medium medium) {
    return all().getOrDefault(medium, Map.of()).values();
  }

  private Map<Medium, Map<String, MediaModel>> all() {
    var present = known;
    if (present == null) {
      present = read();
      known = present;
    }
    return present;
  }

  private Map<Medium, Map<String, MediaModel>> read() {
    var faults = new ArrayList<CatalogFault>();
    var models = new EnumMap<Medium, Map<String, MediaModel>>(Medium.class);
    var reader = new ModelReader(catalog, faults);
    reader.read(SHIPPED, shipped(), model -> put(models, model));
    if (Files.exists(own)) {
      reader.read(String.valueOf(own.getFileName()), bytes(faults), model -> put(models, model));
    }
    if (!faults.isEmpty()) {
      throw new CatalogException("the table of models", List.copyOf(faults));
    }
    return models;
  }

  private static void put(Map<Medium, Map<String, MediaModel>> models, MediaModel model) {
    models.computeIfAbsent(model.medium(), _ -> new LinkedHashMap<>()).put(model.name(), model);
  }

  private byte[] bytes(List<CatalogFault> faults) {
    try {
      if (Files.size(own) <= MOST_BYTES) {
        return Files.readAllBytes(own);
      }
      faults.add(new CatalogFault(own.toString(), "", "is larger than 1 MiB"));
    } catch (IOException broken) {
      faults.add(new CatalogFault(own.toString(), "", "cannot be read: " + broken.getMessage()));
    }
    return new byte[0];
  }

  private static byte[] shipped() {
    try (InputStream in = ModelTable.class.getResourceAsStream(SHIPPED)) {
      if (in == null) {
        throw new IllegalStateException("the distribution lacks " + SHIPPED);
      }
      return in.readAllBytes();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
