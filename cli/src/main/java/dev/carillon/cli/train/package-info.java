/// What a build runs once so that later starts are quick.
@NullMarked
package dev.carillon.cli.train;

import org.jspecify.annotations.NullMarked;
