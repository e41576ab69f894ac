@NullMarked
package dev.carillon.gateway.manage;

import org.jspecify.annotations.NullMarked;
