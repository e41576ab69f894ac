package dev.carillon.client;

/// Something went wrong between this program and the gateway: [TransportException] when no answer
/// came, [ServiceException] when the answer was an error, [AnswerException] when it made no sense,
/// [WaitTimeoutException] when a task did not end in time.
public abstract sealed class CarillonException extends RuntimeException
    permits TransportException, ServiceException, AnswerException, WaitTimeoutException {
  private static final long serialVersionUID = 1L;

  CarillonException(String message) {
    super(message);
  }

  CarillonException(String message, Throwable cause) {
    super(message, cause);
  }
}
