@NullMarked
package dev.carillon.examples.springboot;

import org.jspecify.annotations.NullMarked;
