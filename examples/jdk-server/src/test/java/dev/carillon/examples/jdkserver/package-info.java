@NullMarked
package dev.carillon.examples.jdkserver;

import org.jspecify.annotations.NullMarked;
