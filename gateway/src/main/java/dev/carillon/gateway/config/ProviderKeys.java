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

  public static final Key<Long> ANSWER_BYTES =
      Key.bytes(
          "provider.answer-bytes",
          "256MiB",
          1_024,
          5L << 30,
          "Largest answer of a provider that holds a result as bytes; a larger one fails the task.");
  public static final Key<Integer> ANSWERS =
      Key.integer(
          "provider.answers",
          32,
          1,
          10_000,
          "Large answers of providers being taken in, and requests whose answer is the result, at the same time; others wait for their turn.");
  public static final Key<Long> SPOOLED_BYTES =
      Key.bytes(
          "provider.spooled-bytes",
          "8GiB",
          1_024,
          1L << 44,
          "Bytes of all large answers of providers on this machine's disk together, each counted as provider.answer-bytes until it is here; others wait before their provider is asked.");
  public static final Key<Long> ANSWER_MEMORY =
      Key.bytes(
          "provider.answer-memory",
          "320MiB",
          40L << 20,
          1L << 40,
          "Bytes of answers that are large in memory, all together, each counted as 40 MiB; others lie on the disk until there is a place.");

  public static final Key<List<String>> ROUTES =
      Key.pairs(
          "provider.routes",
          "([A-Z]+ )?/[^=\\s]+=[^=]+",
          "endpoint=provider>provider pairs with commas between; in the file, a list by endpoint",
          "Who is asked for an endpoint, in this order, before what the catalog says; see docs/providers.md.");

  static final List<Key<?>> ALL =
      List.of(
          FOLDER,
          KEYS,
          BASE_URLS,
          OFF,
          ROUTES,
          ANSWER_BYTES,
          ANSWERS,
          SPOOLED_BYTES,
          ANSWER_MEMORY);

  private ProviderKeys() {}
}
