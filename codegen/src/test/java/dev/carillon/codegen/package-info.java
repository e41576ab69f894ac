@NullMarked
package dev.carillon.codegen;

import org.jspecify.annotations.NullMarked;
