@NullMarked
package dev.carillon.gateway.intake;

import org.jspecify.annotations.NullMarked;
