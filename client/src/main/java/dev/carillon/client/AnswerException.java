package dev.carillon.client;

/// An answer that is not what the gateway answers: no JSON, or without what it must have. Some
/// other server stands at this address, or a proxy in between.
public final class AnswerException extends CarillonException {
  private static final long serialVersionUID = 1L;

  AnswerException(String message) {
    super(message);
  }
}
