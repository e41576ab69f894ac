/// Forms whose files are too large to hold, read as they come.
@NullMarked
package dev.carillon.gateway.http.form;

import org.jspecify.annotations.NullMarked;
