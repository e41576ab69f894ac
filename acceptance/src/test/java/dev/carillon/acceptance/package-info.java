/// The packaged jar as a stranger sees it: started as a child process, spoken to over HTTP, killed
/// and started again, and used by the official clients.
///
/// [GatewayProcess] is the process, [Api] a caller of it, [Json] what it says. Classes named `…IT`
/// each hold one promise of the contract; those that only read share one process by
/// [SharedGateway]. Nothing here knows a class of the gateway; [Ledger] alters the database file of
/// a stopped one, where no public way exists yet.
@NullMarked
package dev.carillon.acceptance;

import org.jspecify.annotations.NullMarked;
