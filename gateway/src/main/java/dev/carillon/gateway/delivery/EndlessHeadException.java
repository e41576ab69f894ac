package dev.carillon.gateway.delivery;

import java.io.IOException;

/// More of an answer came than a head and what is read of a body can be.
final class EndlessHeadException extends IOException {
  private static final long serialVersionUID = 1;

  EndlessHeadException() {
    super("the head of the answer has no end");
  }
}
