package dev.carillon.client.http;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/// Takes in an answer's body as another does, and gives up on one that is too large.
///
/// @param <T> what the other makes of it
public final class BoundedBody<T> implements BodySubscriber<T> {
  private final BodySubscriber<T> into;
  private final CompletableFuture<T> whole = new CompletableFuture<>();
  private @Nullable Subscription subscription; // as the next, of one signal at a time
  private long left;

  /// @param most bytes that are taken
  public BoundedBody(BodySubscriber<T> into, long most) {
    this.into = into;
    this.left = most;
    into.getBody()
        .whenComplete((body, fault) -> {
          if (fault == null) {
            whole.complete(body);
          } else {
            whole.completeExceptionally(fault);
          }
        });
  }

  @Override
  public CompletionStage<T> getBody() {
    return whole;
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    this.subscription = subscription;
    into.onSubscribe(subscription);
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
      into.onNext(buffers);
    }
  }

  @Override
  public void onError(Throwable fault) {
    into.onError(fault);
  }

  @Override
  public void onComplete() {
    into.onComplete();
  }
}
