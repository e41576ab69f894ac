/// An example: a Spring Boot program that receives callbacks in a controller.
@NullMarked
package dev.carillon.examples.springboot;

import org.jspecify.annotations.NullMarked;
