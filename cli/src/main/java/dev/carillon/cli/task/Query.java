package dev.carillon.cli.task;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The query of an address, of what was given.
final class Query {
  private final StringBuilder text = new StringBuilder();

  Query with(String name, @Nullable String value) {
    if (value != null) {
      text.append(text.isEmpty() ? '?' : '&')
          .append(name)
          .append('=')
          .append(URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"));
    }
    return this;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
