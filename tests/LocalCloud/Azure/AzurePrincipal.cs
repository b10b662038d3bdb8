namespace LocalCloud.Azure;

/// <summary>Whom a token speaks of.</summary>
internal sealed record AzurePrincipal(string Tenant, string ClientId, string ObjectId)
{
    public string Issuer => $"https://sts.windows.net/{Tenant}/";

    public override string ToString() => $"appid={ClientId};oid={ObjectId};iss={Issuer}";
}
