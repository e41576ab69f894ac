package dev.carillon.gateway.asset;

import dev.carillon.gateway.asset.s3.S3Assets;
import dev.carillon.gateway.asset.s3.S3Config;
import dev.carillon.testkit.BucketStand;
import java.time.InstantSource;
import java.util.Optional;

/// A store over a bucket of the testkit.
final class BucketOf {
  private BucketOf() {}

  static S3Assets store(BucketStand bucket) {
    return new S3Assets(
        new S3Config(
            Optional.of(bucket.endpoint()),
            BucketStand.REGION,
            BucketStand.BUCKET,
            "",
            new S3Config.Credentials(BucketStand.ACCESS_KEY, BucketStand.SECRET_KEY),
            true),
        InstantSource.system());
  }
}
