package dev.carillon.gateway.asset.s3;

import java.net.URI;
import java.util.Optional;

/// Where a bucket is and who we are there; nothing but endpoint and prefix is empty.
///
/// @param endpoint scheme, host and port; empty for Amazon's of the region
/// @param prefix what all keys begin with; empty, or ending in a slash
/// @param pathStyle whether the bucket stands in the path and not in the host
public record S3Config(
    Optional<URI> endpoint,
    String region,
    String bucket,
    String prefix,
    Credentials credentials,
    boolean pathStyle) {

  /// What requests are signed with.
  public record Credentials(String accessKey, String secretKey) {
    @Override
    public String toString() {
      return "Credentials[" + accessKey + ", …]";
    }
  }

  /// The address of an object, or of the bucket for an empty key.
  URI uri(String key) {
    URI base = endpoint.orElseGet(() -> URI.create("https://s3." + region + ".amazonaws.com"));
    String host = pathStyle ? base.getHost() : bucket + "." + base.getHost();
    String port = base.getPort() < 0 ? "" : ":" + base.getPort();
    String path = pathStyle ? "/" + bucket + (key.isEmpty() ? "" : "/" + key) : "/" + key;
    return URI.create(base.getScheme() + "://" + host + port + path);
  }
}
