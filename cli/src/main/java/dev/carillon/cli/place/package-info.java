/// Which gateway a command speaks to, and how a command ends: what all commands of a caller share.
@NullMarked
package dev.carillon.cli.place;

import org.jspecify.annotations.NullMarked;
