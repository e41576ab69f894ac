/// The load: closed loops of many connections on one thread, what they say and hear, the server
/// they are for as a child process, and the place its callbacks come to.
@NullMarked
package dev.carillon.bench.load;

import org.jspecify.annotations.NullMarked;
