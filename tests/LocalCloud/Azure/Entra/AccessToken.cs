namespace LocalCloud.Azure.Entra;

/// <summary>A token that Entra signed and that hasn't ended.</summary>
internal sealed record AccessToken(AzurePrincipal Principal, string Audience);
