@NullMarked
package dev.carillon.cli.task;

import org.jspecify.annotations.NullMarked;
