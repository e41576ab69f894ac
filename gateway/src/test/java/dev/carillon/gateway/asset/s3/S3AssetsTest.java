package dev.carillon.gateway.asset.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.gateway.asset.AssetKey;
import dev.carillon.gateway.asset.AssetStore;
import dev.carillon.gateway.asset.AssetStoreLaws;
import dev.carillon.testkit.BucketStand;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Against a bucket that checks signatures and hashes by code of its own.
class S3AssetsTest extends AssetStoreLaws {
  private final BucketStand bucket = BucketStand.start();
  private final S3Assets store = assets(BucketStand.SECRET_KEY);

  private S3Assets assets(String secretKey) {
    return new S3Assets(
        new S3Config(
            Optional.of(bucket.endpoint()),
            BucketStand.REGION,
            BucketStand.BUCKET,
            "carillon/",
            new S3Config.Credentials(BucketStand.ACCESS_KEY, secretKey),
            true),
        InstantSource.system());
  }

  @Override
  protected AssetStore store() {
    return store;
  }

  @AfterEach
  void close() {
    assertThat(bucket.refused()).as("requests refused for their signature").isZero();
    store.close();
    bucket.close();
  }

  @Test
  void objects_stand_under_the_prefix() throws IOException {
    AssetKey key = key("u0-a.png");

    put(key, "x".repeat(10));

    assertThat(bucket.objects()).containsOnlyKeys("carillon/" + key.path());
  }

  @Test
  void all_pages_of_a_listing_are_read() throws IOException {
    bucket.pageSize(3);

    for (int i = 0; i < 20; i++) {
      put(key("u0-a.png"), "x");
    }
    var told = new HashSet<String>();
    store.folders(AssetKey.Kind.TASK, found -> told.add(found.owner()));
    assertThat(told).hasSize(20);
  }

  @Test
  void a_store_in_trouble_is_a_failure_and_not_an_empty_folder() throws IOException {
    AssetKey key = key("u0-a.png");
    put(key, "x");
    bucket.fail(3);

    assertThatThrownBy(() -> store.length(key)).hasMessageContaining("503");
    assertThatThrownBy(() -> store.list(key.folder())).hasMessageContaining("503");
    assertThatThrownBy(() -> put(key, "y")).hasMessageContaining("SlowDown");
    assertThat(read(key, 0, 1)).isEqualTo(new byte[] {'x'});
  }

  @Test
  void a_wrong_secret_is_refused() {
    try (BucketStand other = BucketStand.start();
        S3Assets wrong =
            new S3Assets(
                new S3Config(
                    Optional.of(other.endpoint()),
                    BucketStand.REGION,
                    BucketStand.BUCKET,
                    "",
                    new S3Config.Credentials(BucketStand.ACCESS_KEY, "wrong"),
                    true),
                InstantSource.system())) {
      assertThatThrownBy(() -> wrong.list(key("a").folder())).hasMessageContaining("403");
      assertThat(other.refused()).isEqualTo(1);
    }
  }

  @Test
  void the_bucket_stands_in_the_path_or_in_the_host() {
    var credentials = new S3Config.Credentials("a", "b");
    var amazon = new S3Config(Optional.empty(), "eu-west-1", "b", "", credentials, false);
    var own =
        new S3Config(
            Optional.of(URI.create("https://s3.example:9000/")), "x", "b", "", credentials, true);

    assertThat(amazon.uri("k/1")).hasToString("https://b.s3.eu-west-1.amazonaws.com/k/1");
    assertThat(amazon.uri("")).hasToString("https://b.s3.eu-west-1.amazonaws.com/");
    assertThat(own.uri("k/1")).hasToString("https://s3.example:9000/b/k/1");
    assertThat(own.uri("")).hasToString("https://s3.example:9000/b");
  }

  @Test
  void the_secret_does_not_show() {
    assertThat(new S3Config.Credentials("who", "hidden").toString()).doesNotContain("hidden");
  }
}
