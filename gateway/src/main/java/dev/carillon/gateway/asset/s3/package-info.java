/// Keeps files in an S3-compatible store: six requests of its protocol, signed by Amazon's own
/// signer, sent by the HTTP client that the gateway has anyway. See
/// `docs/decisions/0015-files-in-s3.md`.
@NullMarked
package dev.carillon.gateway.asset.s3;

import org.jspecify.annotations.NullMarked;
