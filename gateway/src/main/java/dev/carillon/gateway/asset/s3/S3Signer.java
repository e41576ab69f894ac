package dev.carillon.gateway.asset.s3;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/// Signs requests with Signature Version 4.
final class S3Signer {
  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
  private final AwsCredentialsIdentity identity;
  private final String region;
  private final Clock clock;

  S3Signer(S3Config config, Clock clock) {
    this.identity =
        AwsCredentialsIdentity.create(
            config.credentials().accessKey(), config.credentials().secretKey());
    this.region = config.region();
    this.clock = clock;
  }

  /// What is to be signed.
  ///
  /// @param body the file that is sent; empty for a request without a body
  record Unsigned(
      String method,
      URI uri,
      Map<String, String> query,
      Map<String, String> headers,
      Optional<Path> body) {}

  /// The request with its signature. Over plain http the body's hash is signed, too; under TLS the
  /// body is protected already.
  SdkHttpRequest signed(Unsigned unsigned) {
    var request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.fromValue(unsigned.method()))
            .uri(unsigned.uri());
    unsigned.query().forEach(request::putRawQueryParameter);
    unsigned.headers().forEach(request::putHeader);
    boolean withBody = unsigned.body().isEmpty() || !"https".equals(unsigned.uri().getScheme());
    return signer
        .sign(sign -> {
          sign.identity(identity)
              .request(request.build())
              .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "s3")
              .putProperty(AwsV4HttpSigner.REGION_NAME, region)
              .putProperty(AwsV4FamilyHttpSigner.DOUBLE_URL_ENCODE, false)
              .putProperty(AwsV4FamilyHttpSigner.NORMALIZE_PATH, false)
              .putProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, withBody)
              .putProperty(AwsV4HttpSigner.SIGNING_CLOCK, clock);
          unsigned
              .body()
              .ifPresent(file ->
                  sign.payload(
                      ContentStreamProvider.fromInputStreamSupplier(() -> FileStreams.open(file))));
        })
        .request();
  }
}
