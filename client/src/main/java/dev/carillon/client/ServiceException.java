package dev.carillon.client;

import java.time.Duration;
import java.util.Optional;

/// The gateway answered with an error. The subclasses sort errors by what can be done about them;
/// the exact reason is the [#code], which may be one this version does not know.
public non-sealed class ServiceException extends CarillonException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final String traceId;
  private final Duration retryAfter;

  ServiceException(ServiceError error) {
    super(error.code() + " (" + error.status() + "): " + error.message());
    this.status = error.status();
    this.code = error.code();
    this.traceId = error.traceId();
    this.retryAfter = error.retryAfter().orElse(Duration.ZERO);
  }

  /// The HTTP status.
  public int status() {
    return status;
  }

  /// The error's code, such as `used_up`; `unknown` when the answer had none.
  public String code() {
    return code;
  }

  /// The trace id to quote when asking for help; empty when the answer had none.
  public Optional<String> traceId() {
    return traceId.isEmpty() ? Optional.empty() : Optional.of(traceId);
  }

  /// How long to wait before asking again; empty when the gateway did not say.
  public Optional<Duration> retryAfter() {
    return retryAfter.isZero() ? Optional.empty() : Optional.of(retryAfter);
  }

  /// 400, 413, 415: the request is wrong; sending it again changes nothing.
  public static final class BadRequest extends ServiceException {
    private static final long serialVersionUID = 1L;

    BadRequest(ServiceError error) {
      super(error);
    }
  }

  /// The token is missing, wrong, expired, or for something else.
  public static final class Unauthorized extends ServiceException {
    private static final long serialVersionUID = 1L;

    Unauthorized(ServiceError error) {
      super(error);
    }
  }

  /// 403: moderation, or a disabled application.
  public static final class Forbidden extends ServiceException {
    private static final long serialVersionUID = 1L;

    Forbidden(ServiceError error) {
      super(error);
    }
  }

  /// The balance does not cover the price.
  public static final class UsedUp extends ServiceException {
    private static final long serialVersionUID = 1L;

    UsedUp(ServiceError error) {
      super(error);
    }
  }

  /// 404: no such path, or no such task of this application.
  public static final class NotFound extends ServiceException {
    private static final long serialVersionUID = 1L;

    NotFound(ServiceError error) {
      super(error);
    }
  }

  /// 409: the state of things does not allow this.
  public static final class Conflict extends ServiceException {
    private static final long serialVersionUID = 1L;

    Conflict(ServiceError error) {
      super(error);
    }
  }

  /// 429: too much at once.
  public static final class Limited extends ServiceException {
    private static final long serialVersionUID = 1L;

    Limited(ServiceError error) {
      super(error);
    }
  }

  /// 5xx: a fault of the gateway or of a provider.
  public static final class Unavailable extends ServiceException {
    private static final long serialVersionUID = 1L;

    Unavailable(ServiceError error) {
      super(error);
    }
  }
}
