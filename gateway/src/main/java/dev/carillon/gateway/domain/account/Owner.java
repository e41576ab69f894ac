package dev.carillon.gateway.domain.account;

/// Whose a task is: the account that pays, the application that owns it, the credential that asked.
public record Owner(AccountId account, ApplicationId application, CredentialId credential) {}
