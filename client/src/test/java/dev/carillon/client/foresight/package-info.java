@NullMarked
package dev.carillon.client.foresight;

import org.jspecify.annotations.NullMarked;
