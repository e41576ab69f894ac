@NullMarked
package dev.carillon.gateway.openai;

import org.jspecify.annotations.NullMarked;
