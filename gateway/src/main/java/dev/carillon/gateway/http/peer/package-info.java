/// Who is at the other end of a connection, where reverse proxies stand between.
@NullMarked
package dev.carillon.gateway.http.peer;

import org.jspecify.annotations.NullMarked;
