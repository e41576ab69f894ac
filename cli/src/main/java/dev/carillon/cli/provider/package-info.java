/// The commands around the files that describe providers.
@NullMarked
package dev.carillon.cli.provider;

import org.jspecify.annotations.NullMarked;
