using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using LocalCloud.Aws;

namespace LocalCloud.Azure.Entra;

/// <summary>The token endpoint and the documents that lead to it.</summary>
internal sealed class EntraApi(
    EntraDirectory directory, TokenMint mint, AssertionCheck assertions, TimeProvider clock) : AzureService("entra")
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    public override Func<Task> Route(AzureCall call)
    {
        var parts = call.Path.Trim('/').Split('/');
        var rest = string.Join('/', parts.Skip(1));
        (call.Operation, var operation) = (call.Method, rest) switch
        {
            ("GET", "discovery/instance") => ("DiscoverInstance", (Func<Task>)(() => DiscoverInstance(call))),
            ("GET", "v2.0/.well-known/openid-configuration" or ".well-known/openid-configuration") =>
                ("GetConfiguration", () => GetConfiguration(call, parts[0])),
            ("GET", "discovery/v2.0/keys" or "discovery/keys") =>
                ("GetKeys",
                    () =>
                        call.SendJsonAsync(200, new JsonObject { ["keys"] = new JsonArray(SigningKey.Entra.ToJwk()) })),
            ("POST", "oauth2/v2.0/token") => ("Token", () => Token(call, parts[0])),
            _ =>
                ("Unknown", () => throw new AzureProblem(404, "not_found", "AADSTS900561: The endpoint is not known.")),
        };
        return operation;
    }

    public override void Admit(AzureCall call)
    {
    }

    public override AzureProblem Throttled(int retryAfterSeconds) =>
        new(429, "temporarily_unavailable", "AADSTS90055: The request was throttled.")
        {
            Headers = [("Retry-After", retryAfterSeconds.ToString(CultureInfo.InvariantCulture))],
        };

    public override AzureProblem Denied(AzureCall call) =>
        EntraProblems.Of(53003, "invalid_grant", "Access has been blocked by Conditional Access policies.");

    public override AzureProblem Internal(int status) =>
        new(status, "temporarily_unavailable", "AADSTS90033: A transient error has occurred. Please try again.");

    public override Task SendProblemAsync(AzureCall call, AzureProblem problem)
    {
        var time = clock.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var correlation = call.Header("client-request-id") ?? Guid.NewGuid().ToString();
        var digits =
            new string([.. problem.Message.SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(char.IsAsciiDigit)]);
        return call.SendJsonAsync(problem.Status, new JsonObject
        {
            ["error"] = problem.Code,
            ["error_description"] =
                $"{problem.Message} Trace ID: {call.RequestId} Correlation ID: {correlation} Timestamp: {time}",
            ["error_codes"] = new JsonArray(
                JsonValue.Create(long.TryParse(digits, CultureInfo.InvariantCulture, out var number) ? number : 0)),
            ["timestamp"] = time,
            ["trace_id"] = call.RequestId,
            ["correlation_id"] = correlation,
            ["error_uri"] = $"https://login.microsoftonline.com/error?code={digits}",
        });
    }

    /// <summary>A token for an application that is installed in the tenant;
    /// <paramref name="tenant"/> and application are known to exist.</summary>
    public (string Token, DateTimeOffset Expires) Issue(EntraApp app, string tenant, string audience)
    {
        var oid = directory.ObjectIdOf(tenant, app.ClientId) ?? throw EntraProblems.NotInstalled(app.ClientId, tenant);
        return mint.Issue(new AzurePrincipal(tenant, app.ClientId, oid), audience, app.IdentityResourceId);
    }

    private static Task DiscoverInstance(AzureCall call)
    {
        var alias =
            new JsonArray("login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net");
        return call.SendJsonAsync(200, new JsonObject
        {
            ["tenant_discovery_endpoint"] = (call.Query["authorization_endpoint"] ?? "")
                .Replace("/oauth2/v2.0/authorize", "/v2.0/.well-known/openid-configuration", StringComparison.Ordinal),
            ["api-version"] = "1.1",
            ["metadata"] = new JsonArray(
                new JsonObject
                {
                    ["preferred_network"] = "login.microsoftonline.com",
                    ["preferred_cache"] = "login.windows.net",
                    ["aliases"] = alias,
                }),
        });
    }

    private Task GetConfiguration(AzureCall call, string tenant)
    {
        if (!directory.HasTenant(tenant))
        {
            throw EntraProblems.TenantNotFound(tenant);
        }

        var root = $"https://login.microsoftonline.com/{tenant}";
        return call.SendJsonAsync(200, new JsonObject
        {
            ["token_endpoint"] = $"{root}/oauth2/v2.0/token",
            ["token_endpoint_auth_methods_supported"] = new JsonArray("client_secret_post", "private_key_jwt"),
            ["jwks_uri"] = $"{root}/discovery/v2.0/keys",
            ["response_types_supported"] = new JsonArray("code", "id_token"),
            ["subject_types_supported"] = new JsonArray("pairwise"),
            ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
            ["issuer"] = TokenMint.V2Issuer(tenant),
            ["authorization_endpoint"] = $"{root}/oauth2/v2.0/authorize",
            ["cloud_instance_name"] = "microsoftonline.com",
            ["tenant_region_scope"] = "EU",
        });
    }

    private async Task Token(AzureCall call, string tenant)
    {
        if (!directory.HasTenant(tenant))
        {
            throw EntraProblems.TenantNotFound(tenant);
        }

        var form = RawQuery.Parse("?" + Encoding.UTF8.GetString(await call.ReadSmallAsync()).Replace('+', ' '));
        var grant = form["grant_type"] ?? throw EntraProblems.MissingParameter("grant_type");
        if (grant != "client_credentials")
        {
            throw EntraProblems.BadGrant(grant);
        }

        var clientId = form["client_id"] ?? throw EntraProblems.MissingParameter("client_id");
        call.Key = clientId;
        var app = directory.FindApp(clientId);
        if (app is null
            || (!app.MultiTenant && !string.Equals(app.HomeTenant, tenant, StringComparison.OrdinalIgnoreCase)))
        {
            throw EntraProblems.AppNotFound(clientId, tenant);
        }

        DemandCredential(app, form);
        var audience = TokenScope.ResourceOf(form["scope"] ?? throw EntraProblems.MissingParameter("scope"), tenant);
        call.Who = directory.ObjectIdOf(tenant, clientId) ?? "";
        var (token, expires) = Issue(app, tenant, audience);
        var seconds = (long)(expires - clock.GetUtcNow()).TotalSeconds;
        call.Response.Headers.CacheControl = "no-store, no-cache";
        await call.SendJsonAsync(200,
            new JsonObject
            {
                ["token_type"] = "Bearer",
                ["expires_in"] = seconds,
                ["ext_expires_in"] = seconds,
                ["access_token"] = token,
            });
    }

    private void DemandCredential(EntraApp app, RawQuery form)
    {
        if (form["client_assertion"] is { } assertion)
        {
            if (form["client_assertion_type"] != AssertionType)
            {
                throw EntraProblems.MissingParameter("client_assertion_type");
            }

            assertions.Demand(app, assertion);
            return;
        }

        var secret = form["client_secret"] ?? throw EntraProblems.NoCredential();
        if (!app.Secrets.TryGetValue(secret, out var until))
        {
            throw EntraProblems.WrongSecret(app.ClientId);
        }

        if (until <= clock.GetUtcNow())
        {
            throw EntraProblems.ExpiredSecret(app.ClientId);
        }
    }
}
