package dev.carillon.gateway.asset;

import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Uuids;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A file that a caller sent. Its name in the store tells all of it.
///
/// @param id time-ordered, so it tells when the file came
/// @param bytes its length
/// @param extension tells its type
record Upload(UUID id, String sha256, String extension, long bytes) {
  private static final Pattern FORM =
      Pattern.compile("([0-9a-f-]{36})\\.([0-9a-f]{64})\\.([a-z0-9]{1,5})");

  static Optional<Upload> parse(AssetStore.Entry entry) {
    Matcher parts = FORM.matcher(entry.name());
    return parts.matches()
        ? Uuids.parse(parts.group(1))
            .map(id -> new Upload(id, parts.group(2), parts.group(3), entry.bytes()))
        : Optional.empty();
  }

  /// The name it is kept under.
  String name() {
    return id + "." + sha256 + "." + extension;
  }

  Instant createdAt() {
    return Instant.ofEpochMilli(Ids.millisOf(id));
  }

  /// When it is deleted.
  Instant until(Duration keepFor) {
    return createdAt().plus(keepFor);
  }
}
