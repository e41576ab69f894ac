/// Managing: accounts, applications, tokens, credit and usage, for owners of an account (the
/// platform API under `/api/v1`, contract section 1.4), for the operator (`/admin/v1`, which the
/// command line uses too), and for readers of their own usage (`/v1/usage`).
///
/// All of them act through [dev.carillon.gateway.manage.Directory], which checks what a database
/// cannot, writes, and makes the doors forget what they remembered: a token that was taken back is
/// refused from the next request on. Each act is one transaction; a token is shown in the answer
/// that makes it and never again.
@NullMarked
package dev.carillon.gateway.manage;

import org.jspecify.annotations.NullMarked;
