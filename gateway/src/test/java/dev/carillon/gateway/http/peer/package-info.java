@NullMarked
package dev.carillon.gateway.http.peer;

import org.jspecify.annotations.NullMarked;
