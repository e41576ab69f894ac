package dev.carillon.gateway.upstream.passthrough;

import java.util.List;
import java.util.Optional;
import okhttp3.HttpUrl;

/// What a file says of one provider.
///
/// @param name the file's name without its ending
/// @param base where its API begins
/// @param key the environment variable that holds the key; empty for a provider without one
record ProviderFile(String name, HttpUrl base, Optional<String> key, List<Model> models) {}
