/// Who pays and who asks: accounts, applications, their tokens and what these may do.
@NullMarked
package dev.carillon.gateway.domain.account;

import org.jspecify.annotations.NullMarked;
