package dev.carillon.cli.task;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/// Writes an answer's body to a file and gives up on one that would fill the disk.
final class BoundedFile implements BodySubscriber<Path> {
  private static final long MOST_BYTES = 8L << 30;

  private final BodySubscriber<Path> file;
  private final CompletableFuture<Path> whole = new CompletableFuture<>();
  private @Nullable Subscription subscription; // as the next, of one signal at a time
  private long left = MOST_BYTES;

  BoundedFile(BodySubscriber<Path> file) {
    this.file = file;
    file.getBody()
        .whenComplete((path, fault) -> {
          if (fault == null) {
            whole.complete(path);
          } else {
            whole.completeExceptionally(fault);
          }
        });
  }

  @Override
  public CompletionStage<Path> getBody() {
    return whole;
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    this.subscription = subscription;
    file.onSubscribe(subscription);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      left -= buffer.remaining();
    }
    if (left < 0 && subscription != null) {
      subscription.cancel();
      whole.completeExceptionally(new IOException("it is larger than 8 GiB"));
    } else {
      file.onNext(buffers);
    }
  }

  @Override
  public void onError(Throwable fault) {
    file.onError(fault);
  }

  @Override
  public void onComplete() {
    file.onComplete();
  }
}
