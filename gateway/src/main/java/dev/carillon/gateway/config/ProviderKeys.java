package dev.carillon.gateway.config;

import java.util.List;

/// The settings of real providers.
public final class ProviderKeys {
  public static final Key<String> FOLDER =
      Key.text(
          "provider.folder",
          "",
          "a folder, or empty for <data>/providers",
          "Folder of your own provider files; see docs/providers.md.");
  public static final Key<List<String>> KEYS =
      Key.pairs(
          "provider.keys",
          "[A-Z][A-Z0-9_]*=\\S+",
          "NAME=value pairs with commas between",
          "Keys of providers, before those of the environment; a secret.");
  public static final Key<List<String>> BASE_URLS =
      Key.pairs(
          "provider.base-urls",
          "[a-z0-9-]+=https?://[^/?#@\\s]+(/[^?#\\s]*)?",
          "name=URL pairs with commas between",
          "Other addresses of providers.");
  public static final Key<List<String>> OFF =
      Key.words(
          "provider.off",
          "names of providers with commas between",
          "Providers that are not used though their keys are there.");

  static final List<Key<?>> ALL = List.of(FOLDER, KEYS, BASE_URLS, OFF);

  private ProviderKeys() {}
}
