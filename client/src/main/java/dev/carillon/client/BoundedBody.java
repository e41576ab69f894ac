package dev.carillon.client;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/// Reads an answer's body into memory and gives up on one that is too large.
final class BoundedBody implements BodySubscriber<byte[]> {
  private final BodySubscriber<byte[]> bytes = BodySubscribers.ofByteArray();
  private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
  private @Nullable Subscription subscription; // as the next, of one signal at a time
  private long left;

  BoundedBody(long most) {
    this.left = most;
    bytes
        .getBody()
        .whenComplete((body, fault) -> {
          if (fault == null) {
            whole.complete(body);
          } else {
            whole.completeExceptionally(fault);
          }
        });
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return whole;
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    this.subscription = subscription;
    bytes.onSubscribe(subscription);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      left -= buffer.remaining();
    }
    if (left < 0 && subscription != null) {
      subscription.cancel();
      whole.completeExceptionally(new IOException("the answer is too large"));
    } else {
      bytes.onNext(buffers);
    }
  }

  @Override
  public void onError(Throwable fault) {
    bytes.onError(fault);
  }

  @Override
  public void onComplete() {
    bytes.onComplete();
  }
}
