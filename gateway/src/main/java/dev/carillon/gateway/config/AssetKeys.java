package dev.carillon.gateway.config;

import java.time.Duration;
import java.util.List;

/// The settings of kept files: results that are copied, and what callers send.
public final class AssetKeys {
  public static final Key<Boolean> COPY =
      Key.flag(
          "asset.copy",
          true,
          "Copies the files of results into the gateway's storage before a task is called done; otherwise answers tell the provider's addresses.");
  public static final Key<Kind> STORE =
      Key.choice(
          "asset.store", Kind.LOCAL, "Where files are kept: in a folder, or in an S3 bucket.");
  public static final Key<String> FOLDER =
      Key.text(
          "asset.folder",
          "",
          "a folder, or empty for <data>/assets",
          "Folder of kept files, when they are kept in one.");
  public static final Key<Long> MAX_BYTES =
      Key.bytes(
          "asset.max-bytes",
          "2GiB",
          1_024,
          5L << 30,
          "Largest file of a result that is copied; a larger one stays with its provider.");
  public static final Key<Integer> MAX_FILES =
      Key.integer(
          "asset.max-files", 64, 1, 500, "Files of one task that are copied; the others stay.");
  public static final Key<Integer> COPIES =
      Key.integer("asset.copies", 32, 1, 10_000, "Files being copied at the same time.");
  public static final Key<Long> STAGED_BYTES =
      Key.bytes(
          "asset.staged-bytes",
          "8GiB",
          1_024,
          1L << 44,
          "Bytes of copies and uploads that may lie on this machine's disk until the storage takes them; beyond it copies wait and uploads are refused.");
  public static final Key<Long> FREE_BYTES =
      Key.bytes(
          "asset.free-bytes",
          "512MiB",
          0,
          1L << 44,
          "Free space of that disk below which copies and requests whose answer is the result wait and uploads are refused.");
  public static final Key<Duration> TIMEOUT =
      Key.duration("asset.timeout", "10m", "100ms", "2h", "One try at copying a file.");
  public static final Key<Duration> COPY_FOR =
      Key.duration(
          "asset.copy-for",
          "30m",
          "0s",
          "1d",
          "How long a copy that fails is tried again; then the task succeeds with the provider's address.");
  public static final Key<Duration> LINK_FOR =
      Key.duration(
          "asset.link-for",
          "0s",
          "0s",
          "3650d",
          "How long a link to a file is good; 0s for as long as its task is kept.");
  public static final Key<Boolean> ALLOW_PRIVATE =
      Key.flag(
          "asset.allow-private",
          false,
          "Copies also from loopback and private addresses, for providers of your own.");
  public static final Key<Boolean> ALLOW_HTTP =
      Key.flag("asset.allow-http", true, "Copies also from http addresses, not only https.");

  public static final Key<String> S3_ENDPOINT =
      Key.matching(
          "asset.s3.endpoint",
          "|https?://[^/?#@\\s]+/?",
          "an http or https URL without a path, or empty for Amazon's of the region",
          "Where the S3-compatible store listens.");
  public static final Key<String> S3_REGION =
      Key.text("asset.s3.region", "us-east-1", "a region", "The bucket's region.");
  public static final Key<String> S3_BUCKET =
      Key.matching(
          "asset.s3.bucket",
          "|[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
          "the name of a bucket that is there",
          "The bucket.");
  public static final Key<String> S3_PREFIX =
      Key.matching(
          "asset.s3.prefix",
          "|[A-Za-z0-9._/-]{0,200}/",
          "nothing, or a text that ends in a slash",
          "What the keys of all objects begin with.");
  public static final Key<String> S3_ACCESS_KEY =
      Key.text("asset.s3.access-key", "", "an access key id", "Who we are to the store.");
  public static final Key<String> S3_SECRET_KEY =
      Key.secret(
          "asset.s3.secret-key", 3, "the secret of the access key", "Signs requests; a secret.");
  public static final Key<Boolean> S3_PATH_STYLE =
      Key.flag(
          "asset.s3.path-style",
          true,
          "Names the bucket in the path, as most stores want it, not in the host.");

  public static final Key<Long> UPLOAD_MAX_BYTES =
      Key.bytes("upload.max-bytes", "256MiB", 1_024, 5L << 30, "Largest file a caller may send.");
  public static final Key<Integer> UPLOAD_MAX_FILES =
      Key.integer(
          "upload.max-files", 1_000, 1, 1_000, "Files an application may have here at a time.");
  public static final Key<Duration> UPLOAD_KEEP_FOR =
      Key.duration("upload.keep-for", "7d", "1m", "365d", "How long a file that was sent is kept.");
  public static final Key<Duration> UPLOAD_TIMEOUT =
      Key.duration("upload.timeout", "15m", "1s", "2h", "How long a file may take to arrive.");

  static final List<Key<?>> ALL =
      List.of(
          COPY,
          STORE,
          FOLDER,
          MAX_BYTES,
          MAX_FILES,
          COPIES,
          STAGED_BYTES,
          FREE_BYTES,
          TIMEOUT,
          COPY_FOR,
          LINK_FOR,
          ALLOW_PRIVATE,
          ALLOW_HTTP,
          S3_ENDPOINT,
          S3_REGION,
          S3_BUCKET,
          S3_PREFIX,
          S3_ACCESS_KEY,
          S3_SECRET_KEY,
          S3_PATH_STYLE,
          UPLOAD_MAX_BYTES,
          UPLOAD_MAX_FILES,
          UPLOAD_KEEP_FOR,
          UPLOAD_TIMEOUT);

  private AssetKeys() {}

  /// Where files are kept.
  public enum Kind {
    LOCAL,
    S3
  }
}
