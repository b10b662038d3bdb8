namespace LocalCloud.Azure.Entra;

/// <summary>Whose tokens stand in for a secret: compared letter by letter, case and all.</summary>
internal sealed record FederatedCredential(string Issuer, string Subject, string Audience);
