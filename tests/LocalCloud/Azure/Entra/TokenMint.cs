using System.Text.Json.Nodes;

namespace LocalCloud.Azure.Entra;

/// <summary>Makes access tokens and recognises them again.</summary>
internal sealed class TokenMint(TimeProvider clock, AzureSwitches switches)
{
    /// <summary>What tokens for <c>api://AzureADTokenExchange</c> say their audience is.</summary>
    public const string ExchangeAudienceId = "fb60f99c-7a34-4190-8149-302f77469936";

    private static readonly TimeSpan Backdated = TimeSpan.FromMinutes(5);

    public static string V2Issuer(string tenant) => $"https://login.microsoftonline.com/{tenant}/v2.0";

    public (string Token, DateTimeOffset Expires) Issue(
        AzurePrincipal principal, string audience, string? identityResourceId)
    {
        var now = clock.GetUtcNow();
        var expires = now + switches.TokenLifetime.Value;
        var isExchange = audience == LocalCloudAzure.TokenExchangeAudience;
        var claims = new JsonObject
        {
            ["aud"] = isExchange ? ExchangeAudienceId : audience,
            ["iss"] = isExchange ? V2Issuer(principal.Tenant) : principal.Issuer,
            ["iat"] = (now - Backdated).ToUnixTimeSeconds(),
            ["nbf"] = (now - Backdated).ToUnixTimeSeconds(),
            ["exp"] = expires.ToUnixTimeSeconds(),
            [isExchange ? "azp" : "appid"] = principal.ClientId,
            ["idp"] = principal.Issuer,
            ["oid"] = principal.ObjectId,
            ["sub"] = principal.ObjectId,
            ["tid"] = principal.Tenant,
            ["uti"] = Base64UrlText.Encode(Guid.NewGuid().ToByteArray()),
            ["ver"] = isExchange ? "2.0" : "1.0",
        };
        if (identityResourceId is not null)
        {
            claims["xms_mirid"] = identityResourceId;
        }

        return (SigningKey.Entra.Sign(claims), expires);
    }

    public AccessToken? Read(string text, out TokenFault fault)
    {
        fault = TokenFault.None;
        if (JwtText.TryParse(text) is not { } token || token.Claim("tid") is not { } tenant
            || token.Claim("oid") is not { } oid || token.Time("exp") is not { } expires)
        {
            fault = TokenFault.Malformed;
        }
        else if (token.Algorithm != "RS256" || token.KeyId != SigningKey.Entra.Id || !SigningKey.Entra.Verifies(token))
        {
            fault = TokenFault.BadSignature;
        }
        else if (expires <= clock.GetUtcNow())
        {
            fault = TokenFault.Expired;
        }
        else
        {
            return new AccessToken(new AzurePrincipal(tenant, token.Claim("appid") ?? token.Claim("azp") ?? "", oid),
                token.Audiences is [var first, ..] ? first : "");
        }

        return null;
    }
}
