/// An example: a program that receives callbacks with nothing but the JDK, the client and SQLite.
@NullMarked
package dev.carillon.examples.jdkserver;

import org.jspecify.annotations.NullMarked;
