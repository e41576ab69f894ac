@NullMarked
package dev.carillon.gateway.openai.passthrough;

import org.jspecify.annotations.NullMarked;
