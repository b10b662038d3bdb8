namespace LocalCloud.Azure.Entra;

/// <summary>Federated assertions: the record must match by issuer, subject and audience;
/// the token must be in time and really be the issuer's.</summary>
internal sealed class AssertionCheck(TrustedIssuers issuers, TimeProvider clock)
{
    private static readonly TimeSpan MaxSkew = TimeSpan.FromMinutes(5);

    public void Demand(EntraApp app, string assertion)
    {
        var token = JwtText.TryParse(assertion) ?? throw EntraProblems.BadAssertion();
        DemandRecord(app, token);
        var now = clock.GetUtcNow();
        if (token.Time("exp") is not { } expires || expires <= now - MaxSkew || token.Time("nbf") > now + MaxSkew)
        {
            throw EntraProblems.AssertionTime();
        }

        var issuer = token.Claim("iss")!;
        var key = IsEntra(issuer) ? SigningKey.Entra : issuers.Find(issuer, token.KeyId);
        if (key is null || token.Algorithm != "RS256" || key.Id != token.KeyId && IsEntra(issuer)
            || !key.Verifies(token))
        {
            throw EntraProblems.BadSignature();
        }
    }

    private static void DemandRecord(EntraApp app, JwtText token)
    {
        var (issuer, subject) = (token.Claim("iss"), token.Claim("sub"));
        var records = app.Federated.Where(one => one.Issuer == issuer).ToArray();
        if (records.Length == 0)
        {
            throw EntraProblems.NoIssuer(issuer);
        }

        records = [.. records.Where(one => one.Subject == subject)];
        if (records.Length == 0)
        {
            throw EntraProblems.NoSubject(subject);
        }

        if (!records.Any(one =>
            token.Audiences.Contains(one.Audience)
                || (one.Audience == LocalCloudAzure.TokenExchangeAudience
                    && token.Audiences.Contains(TokenMint.ExchangeAudienceId))))
        {
            throw EntraProblems.NoAudience(string.Join(',', token.Audiences));
        }
    }

    private static bool IsEntra(string issuer) =>
        issuer.StartsWith("https://login.microsoftonline.com/", StringComparison.Ordinal);
}
